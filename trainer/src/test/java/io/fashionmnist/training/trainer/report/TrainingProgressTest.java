package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.training.TrainingReport.EpochSummary;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
  private Instant now = Instant.parse("2026-01-02T03:04:05.678912Z");
  private TrainingProgress progress = TrainingProgress.before(OptionalInt.of(2));

  @Test
  void knowsNothingBeforeTheStart() {
    assertThat(report())
        .isEqualTo(
            new TrainingReport(
                2, null, null, null, null, null, null, null, null, "2026-01-02T03:04:05.678Z"));
    assertThat(TrainingProgress.before(OptionalInt.empty()).report(now).attempt()).isNull();
  }

  @Test
  void countsStepsIntoPercent() {
    at(0, Events.started());
    assertThat(report().progressPercentage()).isZero();
    assertThat(report().epoch()).isZero();
    assertThat(report().epochs()).isEqualTo(3);
    assertThat(report().estimatedRemainingSeconds()).isNull();

    at(1, Events.step(1, 1));
    assertThat(report().progressPercentage()).isEqualTo(3);
    at(9, Events.step(1, 10));
    assertThat(report().progressPercentage()).isEqualTo(33);
    assertThat(report().epoch()).isZero();
    at(0, Events.epoch(1));
    assertThat(report().epoch()).isEqualTo(1);
    assertThat(report().metrics())
        .isEqualTo(EpochSummary.of(List.of(Events.metrics(1)), Events.metrics(1)));
  }

  @Test
  void estimatesTheRestFromThePaceOfStepsAndValidations() {
    at(0, Events.started());
    at(2, Events.step(1, 1));
    assertThat(report().estimatedRemainingSeconds()).isEqualTo(2 * 29);
    at(18, Events.step(1, 10));
    assertThat(report().estimatedRemainingSeconds()).isEqualTo(2 * 20);
    at(5, Events.epoch(1));
    assertThat(report().estimatedRemainingSeconds()).isEqualTo(2 * 20 + 2 * 5);
    at(10, Events.step(2, 5));
    assertThat(report().estimatedRemainingSeconds()).isEqualTo(2 * 15 + 2 * 5);
    at(10, Events.step(2, 10));
    at(7, Events.epoch(2));
    assertThat(report().estimatedRemainingSeconds()).isEqualTo(2 * 10 + 6);
    at(20, Events.step(3, 10));
    at(6, Events.epoch(3));
    assertThat(report().estimatedRemainingSeconds()).isZero();
    assertThat(report().progressPercentage()).isEqualTo(100);
  }

  @Test
  void measuresThePaceOfThisProcessOnlyAfterAResume() {
    at(0, new TrainingEvent.Resumed("gs://bucket/run/checkpoints/15", 2, 15, List.of()));
    at(100, Events.started(2, List.of("a", "b", "c")));
    assertThat(report().progressPercentage()).isEqualTo(50);
    assertThat(report().epoch()).isEqualTo(1);
    assertThat(report().estimatedRemainingSeconds()).isNull();

    at(3, Events.step(2, 6));

    assertThat(report().progressPercentage()).isEqualTo(53);
    assertThat(report().estimatedRemainingSeconds()).isEqualTo(3 * 14);
  }

  @Test
  void isAtTheEndWhenStoppedEarly() {
    at(0, Events.started());
    at(10, Events.step(1, 10));
    at(1, Events.epoch(1));
    at(0, new TrainingEvent.StoppedEarly(1, Events.metrics(1)));

    assertThat(report().progressPercentage()).isEqualTo(100);
    assertThat(report().estimatedRemainingSeconds()).isZero();
    assertThat(report().epoch()).isEqualTo(1);
    assertThat(report().epochs()).isEqualTo(3);
  }

  @Test
  void tellsTheTestOfEveryClass() {
    at(0, Events.started());
    at(10, Events.epoch(1));
    at(1, Events.tested());

    assertThat(report().test().accuracy()).isEqualTo(0.666667);
    assertThat(report().perClass())
        .extracting("name", "precision")
        .containsExactly(
            tuple("T-shirt/top", 0.666667), tuple("Trouser", 0.666667), tuple("Pullover", null));
    assertThat(report().confusionMatrix())
        .isEqualTo(List.of(List.of(2, 1, 0), List.of(0, 2, 0), List.of(1, 0, 0)));
  }

  @Test
  void ignoresWhatIsNoProgress() {
    at(0, Events.started());
    TrainingReport before = report();

    at(0, new TrainingEvent.CheckpointSaved("x", 1, 0.1));
    at(0, new TrainingEvent.Warning("x"));
    at(0, new TrainingEvent.Interrupted(1, 1));

    assertThat(report()).isEqualTo(before);
  }

  private void at(int secondsLater, TrainingEvent event) {
    now = now.plusSeconds(secondsLater);
    progress = progress.after(event, now);
  }

  private TrainingReport report() {
    return progress.report(now);
  }
}
