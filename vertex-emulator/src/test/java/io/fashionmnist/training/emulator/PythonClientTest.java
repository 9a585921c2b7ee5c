package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Google's Python SDK over REST. Needs the Python of {@code bench/venv.sh} in EMULATOR_PYTHON. */
class PythonClientTest {
  @Test
  void submitsListsAndCancels() throws Exception {
    String python = System.getenv("EMULATOR_PYTHON");
    assumeTrue(
        python != null, "skipped: EMULATOR_PYTHON names no Python with the SDK; make unit sets it");
    try (VertexEmulator emulator =
        VertexEmulator.start(
            EmulatorSettings.defaults()
                .withQuotas(
                    OverQuota.REJECT, new QuotaLimit("*", "custom_model_training_cpus", 8)))) {
      String output =
          new Program(Map.of("PYTHONWARNINGS", "ignore"))
              .run(
                  0,
                  List.of(
                      python,
                      Path.of("src/test/resources/custom_job.py").toString(),
                      "http://localhost:" + emulator.port()));
      JsonNode result =
          new ObjectMapper()
              .readTree(output.lines().filter(line -> line.startsWith("{")).findFirst().orElse(""));
      assertThat(result.get("name").asText()).matches("projects/\\d+/locations/us-central1/.*");
      assertThat(result.get("listed").toString()).isEqualTo("[\"first\"]");
      assertThat(result.get("refused").asText())
          .contains("exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus");
      assertThat(result.get("state").asText()).isEqualTo("JOB_STATE_CANCELLED");
      assertThat(result.get("error").asInt()).isEqualTo(1);
      assertThat(emulator.jobs().jobs()).isEmpty();
    }
  }
}
