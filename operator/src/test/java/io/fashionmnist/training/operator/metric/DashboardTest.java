package io.fashionmnist.training.operator.metric;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard without a Prometheus: what it leaves out, and where its panels lie. */
class DashboardTest {
  private static final Path DASHBOARD =
      Path.of("../helm/fashion-training-operator/files/dashboard.json");
  private static final int COLUMNS = 24;

  @Test
  void everyDocumentedMetricHasAPanel() throws IOException {
    String queries = String.join("\n", dashboard().findValuesAsText("expr"));

    assertThat(
            Pattern.compile("(?m)^\\| `(fashion_training_\\w+)`")
                .matcher(Files.readString(Path.of("../docs/metrics.md")))
                .results()
                .map(match -> match.group(1)))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            metric -> assertThat(queries).containsPattern("\\b" + metric + "(_bucket|_count)?\\{"));
  }

  @Test
  void noPanelLiesOnAnother() throws IOException {
    List<String> taken = new ArrayList<>();
    for (JsonNode panel : dashboard().get("panels")) {
      JsonNode place = panel.get("gridPos");
      int right = place.get("x").asInt() + place.get("w").asInt();
      assertThat(right).as(panel.get("title").asText()).isLessThanOrEqualTo(COLUMNS);
      for (int x = place.get("x").asInt(); x < right; x++) {
        for (int y = 0; y < place.get("h").asInt(); y++) {
          taken.add(x + ", " + (place.get("y").asInt() + y));
        }
      }
    }
    assertThat(taken).doesNotHaveDuplicates();
    assertThat(dashboard().findValuesAsText("id")).doesNotHaveDuplicates();
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(DASHBOARD.toFile());
  }
}
