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
          - {name: big, vertex: {region: us-central1}}
          - {name: far, vertex: {region: us central, machineType: n1-standard-4}}
          - {name: Slow Lane, cluster: {}}
          - {name: slow, maxQueueDuration: ten minutes, cluster: {}}
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
            "placements: a must have exactly one of vertex and cluster",
            "placements: big needs vertex.machineType",
            "placements: far has vertex.region us central, which is not of the form",
            "placements: Slow Lane must be lower-case letters",
            "placements: slow: maxQueueDuration ten minutes must be a duration",
            "names must be unique");
  }

  @Test
  void whatIsOfTheWrongTypeIsNamedAndTheRestIsReadOn() {
    String yaml =
        """
        output: gs://bucket/results
        vertex: {interval: [], bucketRegions: us-central1}
        placements: {name: a}
        installation: Not A Name
        """;
    assertThatThrownBy(() -> SettingsFile.parse(yaml, "config.yaml"))
        .hasMessageContainingAll(
            "output: has the wrong type",
            "vertex.interval: has the wrong type",
            "vertex.bucketRegions: has the wrong type",
            "placements: has the wrong type",
            "installation: Not A Name")
        .hasMessageNotContaining("io.fashionmnist");
  }

  @Test
  void anEmptyEntryIsToldToo() {
    assertThatThrownBy(() -> SettingsFile.parse("placements: [null]", "config.yaml"))
        .hasMessageContaining("a list in it has an empty entry");
  }
}
