package io.fashionmnist.training.trainer.report;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Keeps {@code report.json} up to date: after every epoch, and now and then between. It is written
 * on a thread of its own, where a failure is a warning; the last word is {@link #write}'s.
 */
public final class ReportFile implements TrainingListener {
  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(10);
  private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);

  private final Folder folder;
  private final InstantSource clock;
  private final Courier courier;
  private volatile TrainingProgress progress;

  /**
   * @param attempt the operator's number of this run, if the operator runs it
   * @param warnings takes a line about a write that failed, on any thread
   */
  public ReportFile(
      Folder folder, InstantSource clock, OptionalInt attempt, Consumer<String> warnings) {
    this.folder = folder;
    this.clock = clock;
    this.progress = TrainingProgress.before(attempt);
    this.courier =
        new Courier(
            "report-file",
            BETWEEN_STEPS,
            this::write,
            reason ->
                warnings.accept(
                    "%s/%s could not be written and will be tried again: %s"
                        .formatted(folder.uri(), OutputLayout.REPORT, reason)));
  }

  /** What has been told so far, every class and the whole matrix. */
  public TrainingReport report() {
    return progress.report(clock.instant());
  }

  @Override
  public void on(TrainingEvent event) {
    progress = progress.after(event, clock.instant());
    // A run that fails before it starts leaves no file behind.
    if (progress.started()) {
      courier.call(!(event instanceof TrainingEvent.StepFinished));
    }
  }

  /** Writes the file now, on the caller's thread. */
  public synchronized void write() throws IOException {
    // The newest progress, whoever writes: an older one never comes after it.
    folder.write(OutputLayout.REPORT, ReportJson.pretty(report()));
  }

  @Override
  public void close() {
    courier.close(PATIENCE_AT_THE_END);
  }
}
