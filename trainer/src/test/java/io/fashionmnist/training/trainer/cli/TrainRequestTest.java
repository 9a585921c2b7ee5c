package io.fashionmnist.training.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.ScheduleType;
import io.fashionmnist.training.api.training.TrainingArguments;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.api.training.TrainingSchema;
import io.fashionmnist.training.trainer.page.RunSummary.EarlierAttempt;
import io.fashionmnist.training.trainer.tracking.TrackingTarget;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainRequestTest {
  private final Terminal terminal = new Terminal();

  @Test
  void withoutOptionsItIsTheDefaultRecipe() {
    assertThat(terminal.request("train"))
        .isEqualTo(
            new TrainRequest(
                TrainingConfig.defaults(),
                "custom-cnn-32-64-128-512-0.25-0.5-20250430123456",
                "/usr/share/datasets/fashion-mnist",
                Optional.empty(),
                List.of(),
                List.of(),
                1,
                Map.of(),
                List.of(),
                Runtime.getRuntime().availableProcessors(),
                LogFormat.AUTO,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void everyOptionArrives() {
    TrainRequest request =
        terminal.request(
            "train",
            "--data=gs://b/data",
            "--output=gs://b/run",
            "--resume-from=gs://b/before",
            "--resume-from=gs://b/long-before",
            "--class-names=coat, bag",
            "--attempt=2",
            "--label=job=team-a/shirts=x",
            "--earlier-attempt=1,us-west1,OutOfCapacity,QuotaExceeded",
            "--threads=3",
            "--log-format=json",
            "--progress-url=https://operator:8443/progress",
            "--progress-token-file=/var/token",
            "--progress-ca-file=/var/ca.pem",
            "--termination-log=/dev/termination-log",
            "--tracking-experiment=fashion",
            "--tracking-project=my-project",
            "--tracking-location=us-central1",
            "--tracking-tensorboard=projects/1/locations/us-central1/tensorboards/2",
            "--tracking-parameter=backend=Cluster",
            "--tracking-parameter=note=a=b");

    assertThat(request)
        .isEqualTo(
            new TrainRequest(
                TrainingConfig.defaults(),
                request.runName(),
                "gs://b/data",
                Optional.of("gs://b/run"),
                List.of("gs://b/before", "gs://b/long-before"),
                List.of("coat", "bag"),
                2,
                Map.of("job", "team-a/shirts=x"),
                List.of(new EarlierAttempt(1, "us-west1", "OutOfCapacity", "QuotaExceeded")),
                3,
                LogFormat.JSON,
                Optional.of(
                    new ProgressReceiver(
                        URI.create("https://operator:8443/progress"),
                        Optional.of(Path.of("/var/token")),
                        Optional.of(Path.of("/var/ca.pem")))),
                Optional.of(
                    new TrackingTarget(
                        "my-project",
                        "us-central1",
                        "fashion",
                        Optional.of("projects/1/locations/us-central1/tensorboards/2"),
                        Map.of("backend", "Cluster", "note", "a=b"),
                        Optional.empty())),
                Optional.of(Path.of("/dev/termination-log"))));
  }

  @Test
  void theOutputDefaultsToTheRunsName() {
    assertThat(terminal.request("train", "--model.filters=8,16").outputOrDefault())
        .isEqualTo("runs/custom-cnn-8-16-512-0.25-0.5-20250430123456");
    assertThat(new Terminal().request("train", "--output=here").outputOrDefault())
        .isEqualTo("here");
  }

  @Test
  void theEnvironmentNamesTheDataUnlessAnOptionDoes() {
    terminal.environment.put("FASHION_DATA", "/data");
    assertThat(terminal.request("train").data()).isEqualTo("/data");

    Terminal other = new Terminal();
    other.environment.put("FASHION_DATA", "/data");
    assertThat(other.request("train", "--data", "elsewhere").data()).isEqualTo("elsewhere");
  }

  @Test
  void theCommandLineOfAConfigurationGivesThatConfiguration() {
    TrainingSchema schema = new TrainingSchema();
    TrainingConfig fast = terminal.request("train", "--preset=fast").config();
    String[] line =
        Stream.concat(Stream.of("train"), new TrainingArguments(schema).of(fast).stream())
            .toArray(String[]::new);

    assertThat(new Terminal().request(line).config()).isEqualTo(fast);
  }

  @Test
  void theFastPresetIsOneCycle() {
    TrainingConfig fast = terminal.request("train", "--preset=fast").config();

    assertThat(fast.schedule().type()).isEqualTo(ScheduleType.ONE_CYCLE);
    assertThat(fast.epochs()).isLessThan(TrainingConfig.defaults().epochs());
  }

  @Test
  void namesOnTheCommandLineMayBeInAnyCase() {
    TrainingConfig config =
        terminal
            .request("train", "--schedule.type=onecycle", "--augmentation.horizontal-flip=FALSE")
            .config();

    assertThat(config.schedule().type()).isEqualTo(ScheduleType.ONE_CYCLE);
    assertThat(config.augmentation().horizontalFlip()).isFalse();
  }

  @Test
  void ofARepeatedOptionTheLastCounts() {
    TrainRequest request =
        terminal.request("train", "--epochs=1", "--data=a", "--epochs", "2", "--data", "b");

    assertThat(request.config().epochs()).isEqualTo(2);
    assertThat(request.data()).isEqualTo("b");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 143})
  void theLauncherSetsTheExitCode(int code) {
    assertThat(new Terminal(_ -> code).run("train")).isEqualTo(code);
  }
}
