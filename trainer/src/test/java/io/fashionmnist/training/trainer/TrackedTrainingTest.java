package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.testing.EmulatorProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training that is tracked, stopped and continued, read back by Google's Python SDK. Needs the
 * Python of {@code bench/venv.sh} in EMULATOR_PYTHON.
 */
class TrackedTrainingTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private final String python = System.getenv("EMULATOR_PYTHON");

  @Test
  void pythonReadsAStoppedAndContinuedRunBack() throws Exception {
    assumeTrue(
        python != null && EmulatorProcess.built(),
        "skipped: EMULATOR_PYTHON names no Python with the SDK, or vertex-emulator is not built");
    Path data = SmallDataset.shapes().writeTo(directory.resolve("data"));
    Path output = directory.resolve("output");
    Path launcher = Distribution.in(directory.resolve("trainer"));
    String[] command =
        command(
            data,
            output,
            "--epochs=60",
            "--attempt=3",
            "--tracking-experiment=shapes",
            "--tracking-project=my-project",
            "--tracking-location=us-central1",
            "--tracking-parameter=backend=Cluster");
    try (EmulatorProcess emulator = EmulatorProcess.start()) {
      Map<String, String> environment = Map.of("VERTEX_EMULATOR_HOST", emulator.endpoint());
      try (TrainerProcess first = TrainerProcess.start(launcher, environment, command)) {
        first.awaitLines(1, "Epoch 3 finished");
        assertThat(first.terminate().exitCode()).as("%s", first).isEqualTo(143);
        assertThat(first.out()).doesNotContain("WARNING");
      }
      assertThat(read(emulator).get("state").asText()).isEqualTo("CANCELLED");

      try (TrainerProcess second = TrainerProcess.run(launcher, environment, command)) {
        assertThat(second.exitCode()).as("%s", second).isZero();
        assertThat(second.out()).contains("Continues from a checkpoint").doesNotContain("WARNING");
      }
      isTheRunOf(output, read(emulator));
    }
  }

  private static void isTheRunOf(Path output, JsonNode run) throws Exception {
    JsonNode report = JSON.readTree(output.resolve("report.json").toFile());
    JsonNode test = report.get("test");
    assertThat(run.get("rows")).hasSize(1);
    JsonNode row = run.get("rows").get(0);
    assertThat(row.get("run_name").asText()).matches("custom-cnn-4-8-16-0\\.25-0\\.5-\\d{14}");
    assertThat(row.get("state").asText()).isEqualTo("COMPLETE");
    assertThat(row.get("param.model.filters").asText()).isEqualTo("4,8");
    assertThat(row.get("param.backend").asText()).isEqualTo("Cluster");
    assertThat(row.get("metric.test.accuracy").asDouble())
        .isEqualTo(test.get("accuracy").asDouble());
    assertThat(row.get("time_series_metric.validation_loss").asDouble())
        .isEqualTo(report.get("metrics").get("last").get("validationLoss").asDouble());
    assertThat(run.get("params").get("attempt").asInt()).isEqualTo(3);
    assertThat(run.get("metrics").get("test.macro.f1").asDouble())
        .isEqualTo(test.get("macro").get("f1Score").asDouble());
    assertThat(run.get("metrics").get("class.class 0.recall").asDouble())
        .isEqualTo(report.get("perClass").get(0).get("recall").asDouble());
    // Every epoch once, those before the stop and those after it.
    List<Integer> steps = new ArrayList<>();
    run.get("curves").get("step").forEach(step -> steps.add(step.asInt()));
    assertThat(steps).isEqualTo(IntStream.rangeClosed(1, 60).boxed().toList());
    assertThat(run.get("curves").get("learning_rate")).hasSize(60);
    JsonNode classification = run.get("classification").get(0);
    assertThat(classification.get("labels")).hasSize(SmallDataset.CLASSES);
    assertThat(matrix(classification.get("matrix")))
        .isEqualTo(matrix(report.get("confusionMatrix")));
  }

  private static List<Integer> matrix(JsonNode rows) {
    List<Integer> all = new ArrayList<>();
    rows.forEach(row -> row.forEach(count -> all.add(count.asInt())));
    return all;
  }

  private JsonNode read(EmulatorProcess emulator) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                python,
                "src/test/resources/read_run.py",
                "http://" + emulator.endpoint(),
                "my-project",
                "shapes")
            .redirectErrorStream(true);
    builder.environment().put("PYTHONWARNINGS", "ignore");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return JSON.readTree(
        output.lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow());
  }
}
