package io.fashionmnist.training.operator.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a resource in golden/NAME.in.yaml to the Job in NAME.out.yaml; -Dgolden.write=true writes.
 */
class TrainerJobTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @ParameterizedTest
  @ValueSource(strings = {"minimal", "everything", "own-image", "one-claim"})
  void theJobIsAsInTheGoldenFile(String name) throws IOException {
    OperatorSettings settings = OperatorSettings.defaults();
    FashionTrainingJob job =
        Serialization.unmarshal(
            Files.readString(GOLDEN.resolve(name + ".in.yaml")), FashionTrainingJob.class);
    PlacementPlan plan = PlacementPlan.of(job, settings);
    Attempt attempt =
        new Attempt(
            2,
            plan.eligible().getFirst().name(),
            Backend.CLUSTER,
            null,
            Labels.jobName(settings.installation(), job.getMetadata(), 2),
            AttemptState.QUEUED,
            "Starting",
            "",
            List.of(),
            plan.output().orElseThrow() + "/a/attempt-2",
            "2026-01-01T00:00:00Z",
            null,
            null,
            null);
    String yaml =
        Serialization.asYaml(
            new TrainerJob(settings)
                .desired(
                    job,
                    plan,
                    attempt,
                    plan.eligible().getFirst().cluster(),
                    3,
                    List.of(plan.output().orElseThrow() + "/a/attempt-1"),
                    Optional.empty()));
    Path expected = GOLDEN.resolve(name + ".out.yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, yaml);
    }
    assertThat(yaml).isEqualTo(Files.readString(expected));
  }
}
