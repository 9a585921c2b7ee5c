package io.fashionmnist.training.trainer.report;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.data.ImageSet;
import io.fashionmnist.training.trainer.page.MistakePicture;
import io.fashionmnist.training.trainer.page.ReportPage;
import io.fashionmnist.training.trainer.page.RunSummary;
import io.fashionmnist.training.trainer.page.RunSummary.Circumstances;
import io.fashionmnist.training.trainer.page.RunSummary.Ending;
import io.fashionmnist.training.trainer.page.RunSummary.Resumption;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingEvent.TrainingPlan;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Writes {@code report.html} when a run ends, however it does: finished, interrupted, or failed
 * after it had begun, for that is when one wants to see the curves. It is written on a thread of
 * its own, and a failure is a warning.
 */
public final class PageFile implements TrainingListener {
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);

  /** A run that warns more often has its log. */
  private static final int MOST_WARNINGS = 20;

  private final ImageSet testImages;
  private final Circumstances circumstances;
  private final InstantSource clock;
  private final Courier courier;
  private final List<EpochMetrics> history = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private Optional<TrainingPlan> plan = Optional.empty();
  private Optional<Resumption> resumed = Optional.empty();
  private Optional<EpochMetrics> best = Optional.empty();
  private OptionalInt stoppedAfter = OptionalInt.empty();
  private Optional<RunSummary.Tested> tested = Optional.empty();
  private volatile Optional<RunSummary> summary = Optional.empty();

  /**
   * @param testImages what the worst mistakes are pictures of
   * @param warn takes a line about a page that could not be written, on any thread
   */
  public PageFile(
      Folder folder,
      ImageSet testImages,
      Circumstances circumstances,
      InstantSource clock,
      Consumer<String> warn) {
    this.testImages = testImages;
    this.circumstances = circumstances;
    this.clock = clock;
    this.courier =
        new Courier(
            "page-file",
            BETWEEN_TRIES,
            () -> write(folder),
            reason ->
                warn.accept(
                    "%s/%s could not be written: %s"
                        .formatted(folder.uri(), OutputLayout.PAGE, reason)));
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Resumed(var checkpoint, var epoch, _, var before) -> {
        resumed = Optional.of(new Resumption(checkpoint, epoch));
        history.addAll(before);
      }
      case TrainingEvent.Started(var started, var soFar) -> {
        plan = Optional.of(started);
        best = soFar.map(epochs -> epochs.best());
      }
      case TrainingEvent.EpochFinished(var metrics, var bestSoFar) -> {
        history.add(metrics);
        best = Optional.of(bestSoFar);
      }
      case TrainingEvent.StoppedEarly(var epoch, _) -> stoppedAfter = OptionalInt.of(epoch);
      case TrainingEvent.Tested(var evaluation) ->
          tested =
              Optional.of(
                  new RunSummary.Tested(
                      evaluation, MistakePicture.of(testImages, evaluation.worstMistakes())));
      case TrainingEvent.Warning(var message) -> {
        if (warnings.size() < MOST_WARNINGS) {
          warnings.add(message);
        }
      }
      case TrainingEvent.Finished(var result) -> end(new Ending.Finished(result.seconds()));
      case TrainingEvent.Interrupted(var epoch, _) -> end(new Ending.Interrupted(epoch));
      case TrainingEvent.Failed(var message) -> end(new Ending.Failed(message));
      case TrainingEvent.StepFinished _, TrainingEvent.CheckpointSaved _ -> {}
    }
  }

  /** A run that fails before it starts leaves no file behind. */
  private void end(Ending ending) {
    summary =
        plan.map(
            p ->
                new RunSummary(
                    p,
                    circumstances,
                    ending,
                    clock.instant(),
                    history,
                    best,
                    stoppedAfter,
                    resumed,
                    tested,
                    warnings));
    if (summary.isPresent()) {
      courier.call(true);
    }
  }

  private void write(Folder folder) throws IOException {
    String html = new ReportPage().html(summary.orElseThrow());
    folder.write(OutputLayout.PAGE, html.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    courier.close(PATIENCE_AT_THE_END);
  }
}
