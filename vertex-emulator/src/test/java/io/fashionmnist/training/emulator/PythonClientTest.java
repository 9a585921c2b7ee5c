package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.aiplatform.v1.Model;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Google's Python SDK over REST. Needs the Python of {@code bench/venv.sh} in EMULATOR_PYTHON. */
class PythonClientTest {
  private final String python = System.getenv("EMULATOR_PYTHON");

  @BeforeEach
  void needsTheSdk() {
    assumeTrue(
        python != null, "skipped: EMULATOR_PYTHON names no Python with the SDK; make unit sets it");
  }

  @Test
  void submitsListsAndCancels() throws Exception {
    try (VertexEmulator emulator =
        VertexEmulator.start(
            EmulatorSettings.defaults()
                .withQuotas(
                    OverQuota.REJECT, new QuotaLimit("*", "custom_model_training_cpus", 8)))) {
      JsonNode result = run("custom_job.py", emulator);
      assertThat(result.get("name").asText()).matches("projects/\\d+/locations/us-central1/.*");
      assertThat(result.get("listed").toString()).isEqualTo("[\"first\"]");
      assertThat(result.get("refused").asText())
          .contains("exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus");
      assertThat(result.get("state").asText()).isEqualTo("JOB_STATE_CANCELLED");
      assertThat(result.get("error").asInt()).isEqualTo(1);
      assertThat(emulator.jobs().jobs()).isEmpty();
    }
  }

  @Test
  void tracksARunAndReadsItBack() throws Exception {
    try (VertexEmulator emulator = VertexEmulator.start(EmulatorSettings.defaults())) {
      JsonNode result = run("experiment.py", emulator);
      assertThat(result.get("default").asBoolean()).isTrue();
      JsonNode row = result.get("rows").get(0);
      assertThat(result.get("rows")).hasSize(1);
      assertThat(row.get("run_name").asText()).isEqualTo("first-run");
      assertThat(row.get("state").asText()).isEqualTo("COMPLETE");
      assertThat(row.get("param.epochs").asInt()).isEqualTo(2);
      assertThat(row.get("metric.test_accuracy").asDouble()).isEqualTo(0.75);
      assertThat(row.get("time_series_metric.accuracy").asDouble()).isEqualTo(0.75);
      assertThat(result.get("params").get("filters").asText()).isEqualTo("32,64");
      assertThat(result.get("params").get("other").asText()).isEqualTo("yes");
      assertThat(result.get("params").has("mine")).isFalse();
      assertThat(result.get("conflict").asText())
          .containsPattern("Specified Context `etag`: `\\d+` does not match server `etag`: `\\d+`");
      assertThat(result.get("metrics").toString()).isEqualTo("{\"test_accuracy\":0.75}");
      assertThat(result.get("steps").toString()).isEqualTo("[1,2]");
      assertThat(result.get("loss").toString()).isEqualTo("[0.75,0.5]");
      assertThat(result.get("classification").toString())
          .isEqualTo(
              "[{\"display_name\":\"confusion\",\"labels\":[\"shirt\",\"coat\"],\"matrix\":[[9.0,1.0],[2.0,8.0]]}]");
      assertThat(result.get("runs").toString()).isEqualTo("[\"first-run\"]");
      assertThat(result.get("inputs").toString()).isEqualTo("[\"gs://b/data\"]");
      assertThat(result.get("missing").asText()).contains("contexts/fashion-missing");
      assertThat(emulator.metadata().contexts().all()).isEmpty();
      assertThat(emulator.tensorboards().runs().all()).isEmpty();
    }
  }

  @Test
  void looksAtARegisteredModel() throws Exception {
    try (VertexEmulator emulator = VertexEmulator.start(EmulatorSettings.defaults())) {
      JsonNode result = run("model.py", emulator);
      assertThat(result.get("name").asText())
          .matches("projects/\\d+/locations/us-central1/models/fashion");
      assertThat(result.get("version").asText()).isEqualTo("2");
      assertThat(result.get("listed").toString()).isEqualTo("[\"fashion\"]");
      assertThat(result.get("default").asText()).isEqualTo("1");
      assertThat(result.get("uri").asText()).isEqualTo("gs://bucket/model");
      assertThat(result.get("image").asText()).endsWith("tf2-cpu.2-15:latest");
      assertThat(result.get("versions").toString())
          .isEqualTo(
              "[{\"id\":\"1\",\"aliases\":[\"champion\",\"default\",\"stable\"],\"description\":\"the first\"},"
                  + "{\"id\":\"2\",\"aliases\":[],\"description\":\"\"}]");
      assertThat(result.get("champion").asText()).isEqualTo("1");
      assertThat(result.get("taken").asText()).contains("already exists");
      JsonNode evaluation = result.get("evaluations").get(0);
      assertThat(result.get("evaluations")).hasSize(1);
      assertThat(evaluation.get("name").asText()).contains("/models/fashion@2/evaluations/");
      assertThat(evaluation.get("logLoss").asDouble()).isEqualTo(0.25);
      Model left =
          emulator.models().get(emulator.models().snapshot().models().getFirst().getName());
      assertThat(left.getDisplayName()).isEqualTo("Fashion, again");
      assertThat(left.getLabelsMap()).containsEntry("team", "vision");
      assertThat(left.getVersionAliasesList()).containsExactlyInAnyOrder("default", "champion");
      assertThat(emulator.models().snapshot().versions()).hasSize(1);
    }
  }

  private JsonNode run(String script, VertexEmulator emulator) throws Exception {
    String output =
        new Program(Map.of("PYTHONWARNINGS", "ignore"))
            .run(
                0,
                List.of(
                    python,
                    Path.of("src/test/resources/" + script).toString(),
                    "http://localhost:" + emulator.port()));
    return new ObjectMapper()
        .readTree(output.lines().filter(line -> line.startsWith("{")).findFirst().orElse(""));
  }
}
