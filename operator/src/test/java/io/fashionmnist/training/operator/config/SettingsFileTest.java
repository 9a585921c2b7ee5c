package io.fashionmnist.training.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SettingsFileTest {
  @Test
  void anEmptyFileMeansTheDefaults() {
    OperatorSettings settings = SettingsFile.parse("", "config.yaml");
    assertThat(settings).isEqualTo(OperatorSettings.defaults());
    assertThat(settings.placements()).extracting(each -> each.name()).containsExactly("cluster");
  }

  @Test
  void everyErrorIsToldAtOnce() {
    String yaml =
        """
        installation: Not A Name
        outptu: {uri: x}
        output: {uri: "ftp://x"}
        progress: {issued: Nobody}
        tracing: {endpoint: "collector:4317", headers: /nowhere}
        placements:
          - {name: a, cluster: {}}
          - {name: a}
        """;
    assertThatThrownBy(() -> SettingsFile.parse(yaml, "config.yaml"))
        .hasMessageContainingAll(
            "config.yaml",
            "installation: Not A Name",
            "outptu: no such setting",
            "output.uri: ftp://x must be gs://bucket/prefix or pvc://claim/path",
            "progress.issued: Nobody",
            "tracing.endpoint: collector:4317 must be http://host:port",
            "tracing.headers: /nowhere must be a folder with a file for each header",
            "a must have exactly one of vertex and cluster",
            "names must be unique");
  }
}
