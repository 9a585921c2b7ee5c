package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.EnvVar;
import com.google.protobuf.util.JsonFormat;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.training.TrainingArguments;
import io.fashionmnist.training.api.training.TrainingSchema;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a resource in golden/vertex/NAME.in.yaml to the custom job in NAME.out.json;
 * -Dgolden.write=true writes.
 */
class CustomJobsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/vertex");
  private static final OperatorSettings SETTINGS = OperatorSettings.defaults();

  @ParameterizedTest
  @ValueSource(strings = {"minimal", "everything", "own-image"})
  void theCustomJobIsAsInTheGoldenFile(String name) throws IOException {
    FashionTrainingJob job = read(name);
    Optional<Duration> timeLeft =
        Optional.ofNullable(job.getSpec().runPolicy().activeDeadlineSeconds())
            .map(Duration::ofSeconds);
    String json =
        JsonFormat.printer()
                .sortingMapKeys()
                .print(desired(job, List.of("gs://results/runs/a/attempt-1"), timeLeft))
            + "\n";
    Path expected = GOLDEN.resolve(name + ".out.json");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, json);
    }
    assertThat(json).isEqualTo(Files.readString(expected));
  }

  @Test
  void theTrainersCommandLineTellsTheWholeConfiguration() throws IOException {
    FashionTrainingJob job = read("everything");
    List<String> args = argsOf(desired(job, List.of(), Optional.empty()));
    assertThat(args).noneMatch(each -> each.startsWith("--resume-from"));
    assertThat(
            new TrainingArguments(new TrainingSchema())
                .parse(args.subList(args.indexOf("--log-format=Json") + 1, args.size())))
        .isEqualTo(job.getSpec().training());
  }

  @Test
  void everyEarlierAttemptIsToldTheNewestFirst() throws IOException {
    List<String> earlier = List.of("gs://b/3", "gs://b/1");
    assertThat(argsOf(desired(read("everything"), earlier, Optional.empty())))
        .containsSubsequence("--resume-from=gs://b/3", "--resume-from=gs://b/1");
    assertThat(
            desired(read("own-image"), earlier, Optional.empty())
                .getJobSpec()
                .getWorkerPoolSpecs(0)
                .getContainerSpec()
                .getEnvList())
        .extracting(EnvVar::getName, EnvVar::getValue)
        .contains(
            tuple("FASHION_RESUME_FROM", "gs://b/3"),
            tuple("FASHION_RESUME_FROM_ALL", "gs://b/3 gs://b/1"));
  }

  @Test
  void labelsTellWhoseAJobIsHoweverLongItsNameIs() throws IOException {
    FashionTrainingJob job = read("everything");
    CustomJob custom = desired(job, List.of(), Optional.empty());
    assertThat(custom.getLabelsMap().values()).allMatch(each -> each.matches("[a-z0-9_-]{1,63}"));
    assertThat(custom.getDisplayName()).hasSizeLessThanOrEqualTo(128).endsWith(" attempt 2");
    assertThat(JobLabels.owner(SETTINGS.installation(), custom.getLabelsMap()))
        .contains(CustomJobs.owner(job, 2));
    assertThat(JobLabels.owner("another", custom.getLabelsMap())).isEmpty();
  }

  @Test
  void aDeadlineThatIsAlmostOverIsStillOne() throws IOException {
    CustomJob job = desired(read("minimal"), List.of(), Optional.of(Duration.ofMillis(5)));
    assertThat(job.getJobSpec().getScheduling().getTimeout().getSeconds()).isEqualTo(1);
  }

  private static List<String> argsOf(CustomJob job) {
    return job.getJobSpec().getWorkerPoolSpecs(0).getContainerSpec().getArgsList();
  }

  private static FashionTrainingJob read(String name) throws IOException {
    return Serialization.unmarshal(
        Files.readString(GOLDEN.resolve(name + ".in.yaml")), FashionTrainingJob.class);
  }

  private static CustomJob desired(
      FashionTrainingJob job, List<String> resumeFrom, Optional<Duration> timeLeft) {
    var placement = job.getSpec().placements().getFirst();
    PlacementPlan plan = PlacementPlan.of(job, SETTINGS);
    Attempt attempt =
        new Attempt(
            2,
            placement.name(),
            Backend.VERTEX,
            null,
            null,
            AttemptState.QUEUED,
            "Starting",
            "",
            List.of(),
            plan.output().orElseThrow() + "/a/attempt-2",
            "2026-01-01T00:00:00Z",
            null,
            null,
            null);
    return new CustomJobs(SETTINGS.installation())
        .desired(job, plan, attempt, placement.vertex(), resumeFrom, timeLeft);
  }
}
