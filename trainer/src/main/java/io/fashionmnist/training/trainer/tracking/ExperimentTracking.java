package io.fashionmnist.training.trainer.tracking;

import io.fashionmnist.training.trainer.report.Courier;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells Vertex AI Experiments of a run, all that is new at once, every few seconds at most, on a
 * thread of its own. What could not be delivered is tried again with the next; what is missing at
 * the end is said.
 */
public final class ExperimentTracking implements TrainingListener {
  /** Several epochs of a small run go out together. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  /** How long the end waits for what is not delivered yet. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TrackingTarget target;
  private final Duration patience;
  private final InstantSource clock;
  private final Consumer<String> warnings;
  private final RunPublisher publisher;
  private final Courier courier;
  private volatile RunRecord record = RunRecord.empty();
  private volatile Optional<String> failure = Optional.empty();
  private boolean begun;

  /**
   * @param runName names the run, unless the results in {@code output} belong to one already
   * @param attempt number of the attempt; another one is another run
   * @param output where the results go, and with them which run they belong to
   * @param earlier the attempt that this one goes on from
   * @param interval least time between two deliveries
   * @param patience how long {@link #close} waits at most
   * @param warnings takes a line about what could not be delivered, on any thread
   */
  public ExperimentTracking(
      TrackingTarget target,
      String runName,
      int attempt,
      Folder output,
      Optional<EarlierRun> earlier,
      Duration interval,
      Duration patience,
      InstantSource clock,
      Consumer<String> warnings) {
    this.target = target;
    this.patience = patience;
    this.clock = clock;
    this.warnings = warnings;
    this.publisher = new RunPublisher(target, attempt, runName, output, earlier);
    this.courier =
        new Courier(
            "experiment-tracking",
            interval,
            this::publish,
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

  private void publish() throws Exception {
    try {
      Failures.inOneLine(() -> publisher.publish(record));
      failure = Optional.empty();
    } catch (Exception e) {
      failure = Optional.ofNullable(e.getMessage());
      throw e;
    }
  }

  private void begin() {
    if (!begun) {
      begun = true;
      courier.call(false);
    }
  }

  /** Waits for what was not delivered yet, but not for long, and says what is missing. */
  @Override
  public void close() {
    courier.close(patience);
    publisher
        .missing(record)
        .ifPresent(
            missing ->
                warnings.accept(
                    "Vertex AI Experiments: not delivered to %s: %s%s"
                        .formatted(
                            target.experiment(),
                            missing,
                            failure.map(reason -> " (" + reason + ")").orElse(""))));
    publisher.close();
  }
}
