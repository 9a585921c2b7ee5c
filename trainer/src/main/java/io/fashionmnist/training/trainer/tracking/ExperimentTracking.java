package io.fashionmnist.training.trainer.tracking;

import io.fashionmnist.training.trainer.report.Courier;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Tells Vertex AI Experiments of a run, all that is new at once, every few seconds at most, on a
 * thread of its own. What could not be delivered is tried again with the next; what is missing at
 * the end is said.
 */
public final class ExperimentTracking implements TrainingListener {
  /** Several epochs of a small run go out together. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);

  private final TrackingTarget target;
  private final InstantSource clock;
  private final Consumer<String> warnings;
  private final RunPublisher publisher;
  private final Courier courier;
  private volatile RunRecord record = RunRecord.empty();
  private boolean begun;

  /**
   * @param runName names the run, unless the results in {@code output} belong to one already
   * @param attempt number of the attempt; another one is another run
   * @param output where the results go, and with them which run they belong to
   * @param interval least time between two deliveries
   * @param warnings takes a line about what could not be delivered, on any thread
   */
  public ExperimentTracking(
      TrackingTarget target,
      String runName,
      int attempt,
      Folder output,
      Duration interval,
      InstantSource clock,
      Consumer<String> warnings) {
    this.target = target;
    this.clock = clock;
    this.warnings = warnings;
    this.publisher = new RunPublisher(target, attempt, runName, output);
    this.courier =
        new Courier(
            "experiment-tracking",
            interval,
            () -> Failures.inOneLine(() -> publisher.publish(record)),
            reason ->
                warnings.accept(
                    "Vertex AI Experiments: %s could not be told of the run (training goes on): %s"
                        .formatted(target.experiment(), reason)));
  }

  @Override
  public void on(TrainingEvent event) {
    record = record.after(event, clock.instant());
    switch (event) {
      // Not before: loading the clients would delay it.
      case TrainingEvent.StepFinished _ -> begin();
      case TrainingEvent.EpochFinished _, TrainingEvent.Tested _ -> courier.call(false);
      case TrainingEvent.Finished _, TrainingEvent.Interrupted _, TrainingEvent.Failed _ ->
          courier.call(true);
      case TrainingEvent.Started _,
          TrainingEvent.Resumed _,
          TrainingEvent.CheckpointSaved _,
          TrainingEvent.StoppedEarly _,
          TrainingEvent.Warning _ -> {}
    }
  }

  private void begin() {
    if (!begun) {
      begun = true;
      courier.call(false);
    }
  }

  /** Waits ten seconds at most for what was not delivered yet. */
  @Override
  public void close() {
    courier.close(PATIENCE_AT_THE_END);
    publisher
        .missing(record)
        .ifPresent(
            missing ->
                warnings.accept(
                    "Vertex AI Experiments: not delivered to %s: %s"
                        .formatted(target.experiment(), missing)));
    publisher.close();
  }
}
