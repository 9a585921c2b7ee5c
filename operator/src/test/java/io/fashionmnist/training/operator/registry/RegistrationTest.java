package io.fashionmnist.training.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.registry.Step.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a model whose report is not in the status. */
class RegistrationTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final FashionTrainingJob UNREPORTED =
      SucceededJobs.job("registry: {modelId: m, minimumAccuracy: 0.7}", "");
  private static final Condition TOLD = told("Registering", "");

  @Test
  void theBucketIsAskedBeforeTheAccuracyCountsAsUnknown() {
    assertThat(next(new Finding.Unasked(), Optional.empty()))
        .isInstanceOfSatisfying(
            Step.Tell.class, told -> assertThat(told.answer()).isEqualTo(Answer.NOT_YET));
    assertThat(next(new Finding.Unasked(), Optional.of(TOLD)))
        .isEqualTo(new Step.Ask(new Question.Report()));
    var report = SucceededJobs.job("").getStatus().training();
    assertThat(next(new Finding.Reported(report), Optional.of(TOLD)))
        .isEqualTo(new Step.Report(report));
  }

  @Test
  void onlyThenTheAccuracyIsUnknown() {
    Step step = next(new Finding.Unreported(Optional.of("forbidden")), Optional.of(TOLD));
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Tell.class,
            tell -> {
              assertThat(tell.answer()).isEqualTo(Answer.NO);
              assertThat(tell.reason()).isEqualTo("AccuracyUnknown");
              assertThat(tell.message()).endsWith("; forbidden");
            });
  }

  @Test
  void whatCannotBeReadIsToldOnceAndReadAgain() {
    Finding unreadable = new Finding.Unreadable("503", NOW.plusSeconds(5));
    assertThat(next(unreadable, Optional.of(TOLD)))
        .isEqualTo(
            new Step.Tell(
                Answer.NOT_YET, "ReportUnreadable", "503", UNREPORTED.getStatus().model()));
    var condition = Optional.of(told("ReportUnreadable", "503"));
    assertThat(next(unreadable, condition)).isEqualTo(new Step.Wait(Duration.ofSeconds(5)));
    assertThat(next(new Finding.Unreadable("503", NOW), condition))
        .isEqualTo(new Step.Ask(new Question.Report()));
  }

  @Test
  void withoutABarAModelWithoutReportIsUploadedInTheEnd() {
    var job = SucceededJobs.job("registry: {modelId: m}", "");
    assertThat(next(job, new Finding.Unasked())).isEqualTo(new Step.Ask(new Question.Report()));
    assertThat(next(job, new Finding.Unreported(Optional.empty())))
        .isEqualTo(new Step.Ask(new Question.Find()));
    assertThat(next(job, new Finding.Absent(false, NOW))).isInstanceOf(Step.Upload.class);
  }

  private static Step next(Finding finding, Optional<Condition> told) {
    return Registration.next(
        new RegistrySight(RegistryPlan.of(UNREPORTED, SucceededJobs.settings()), finding),
        told,
        NOW);
  }

  private static Step next(FashionTrainingJob job, Finding finding) {
    return Registration.next(
        new RegistrySight(RegistryPlan.of(job, SucceededJobs.settings()), finding),
        Optional.of(TOLD),
        NOW);
  }

  private static Condition told(String reason, String message) {
    return new Condition(
        FashionTrainingJob.MODEL_REGISTERED,
        Answer.NOT_YET.text(),
        3L,
        NOW.toString(),
        reason,
        message);
  }
}
