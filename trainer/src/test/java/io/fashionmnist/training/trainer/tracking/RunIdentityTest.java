package io.fashionmnist.training.trainer.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunIdentityTest {
  private static final String NAME = "custom-cnn-32-64-128-512-0.25-0.5-20250430123456";

  @Test
  void theIdHasOnlyWhatTheServiceAllows() {
    RunIdentity run = RunIdentity.of(target("fashion"), 1, NAME, "me");

    assertThat(run.name()).isEqualTo(NAME);
    assertThat(run.id()).isEqualTo("custom-cnn-32-64-128-512-0-25-0-5-20250430123456");
  }

  @Test
  void whatIsTooLongLosesItsMiddle() {
    String name = "custom-cnn-" + "4096-".repeat(12) + "0.25-0.5-20250430123456";
    TrackingTarget target = target("a".repeat(63));

    RunIdentity run = RunIdentity.of(target, 1, name, "me");

    assertThat(run.id()).startsWith("custom-cnn-4096-").endsWith("-20250430123456");
    assertThat(run.id()).doesNotContain("--").matches("[a-z0-9-]+");
    assertThat(target.experiment().length() + 1 + run.id().length()).isLessThanOrEqualTo(121);
    RunIdentity next = run.numbered(target, 12);
    assertThat(next.id()).endsWith("-20250430123456-12");
    assertThat(target.experiment().length() + 1 + next.id().length()).isLessThanOrEqualTo(121);
  }

  @Test
  void anotherAttemptOrExperimentIsAnotherRun() {
    RunIdentity run = RunIdentity.of(target("fashion"), 1, NAME, "me");

    assertThat(run.belongsTo(target("fashion"), 1)).isTrue();
    assertThat(run.belongsTo(target("fashion"), 2)).isFalse();
    assertThat(run.belongsTo(target("shoes"), 1)).isFalse();
  }

  private static TrackingTarget target(String experiment) {
    return new TrackingTarget(
        "p", "us-central1", experiment, Optional.empty(), Map.of(), Optional.empty());
  }
}
