package io.fashionmnist.training.trainer.tensorboard;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import io.fashionmnist.training.trainer.model.InferenceModel;
import io.fashionmnist.training.trainer.model.NetworkSpec;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingEvent.TrainingPlan;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Every epoch's metrics for TensorBoard, as Keras lays them out: the runs {@code train} and {@code
 * validation}, the epoch's number from 0 as the step; the network's graph; and a run {@code test}
 * with the tested epoch's metrics and confusion matrix.
 *
 * <p>A thread of its own writes and carries the files to their folder; what fails is a warning, of
 * failures in a row only the first.
 */
public final class TensorBoardLog implements TrainingListener {
  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";
  private static final String TEST = "test";
  private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);

  private final Folder folder;
  private final Path local;
  private final Consumer<String> warnings;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("tensorboard").factory());
  private final Map<String, EventFile> files = new HashMap<>();
  private Optional<TrainingPlan> plan = Optional.empty();
  private Optional<EpochMetrics> best = Optional.empty();

  // The writer's.
  private boolean failing;

  /**
   * @param folder where the event files belong
   * @param local a directory of this listener's own for the files while they grow
   * @param warnings told what failed, from another thread
   */
  public TensorBoardLog(Folder folder, Path local, Consumer<String> warnings) {
    this.folder = folder;
    this.local = local;
    this.warnings = warnings;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started(var started, var soFar) -> {
        plan = Optional.of(started);
        best = soFar.map(TrainingReport.EpochSummary::best);
      }
      case TrainingEvent.EpochFinished(var metrics, var bestSoFar) -> {
        best = Optional.of(bestSoFar);
        // Not before the first epoch is over: the first step shall not wait for it.
        Optional<TrainingPlan> toDraw = plan;
        plan = Optional.empty();
        write(
            () -> {
              toDraw.ifPresent(this::writeGraph);
              writeEpoch(metrics);
            });
      }
      case TrainingEvent.Tested(var evaluation) -> {
        long step = best.map(TensorBoardLog::step).orElse(0L);
        write(() -> writeTest(evaluation, step));
      }
      case TrainingEvent.Resumed _,
          TrainingEvent.StepFinished _,
          TrainingEvent.CheckpointSaved _,
          TrainingEvent.StoppedEarly _,
          TrainingEvent.Warning _,
          TrainingEvent.Finished _,
          TrainingEvent.Interrupted _,
          TrainingEvent.Failed _ -> {}
    }
  }

  private void writeGraph(TrainingPlan toDraw) {
    NetworkSpec network =
        new NetworkSpec(
            toDraw.config().model(), toDraw.height(), toDraw.width(), toDraw.classNames().size());
    file(TRAIN).graph(InferenceModel.graphDefinition(network));
  }

  private void writeEpoch(EpochMetrics metrics) {
    long step = step(metrics);
    EventFile train = file(TRAIN);
    train.scalar("epoch_loss", step, metrics.loss());
    train.scalar("epoch_accuracy", step, metrics.accuracy());
    train.scalar("epoch_learning_rate", step, metrics.learningRate());
    train.scalar("images_per_second", step, metrics.imagesPerSecond());
    EventFile validation = file(VALIDATION);
    validation.scalar("epoch_loss", step, metrics.validationLoss());
    validation.scalar("epoch_accuracy", step, metrics.validationAccuracy());
  }

  private void writeTest(Evaluation evaluation, long step) {
    EventFile test = file(TEST);
    test.scalar("epoch_loss", step, evaluation.loss());
    test.scalar("epoch_accuracy", step, evaluation.accuracy());
    test.image("confusion_matrix", step, ConfusionPicture.of(evaluation.confusion()));
  }

  private static long step(EpochMetrics metrics) {
    return metrics.epoch() - 1L;
  }

  /** Lets the writer's thread write something, and carry it to its place. */
  private void write(Runnable content) {
    writer.execute(
        () -> {
          try {
            content.run();
            files.values().forEach(EventFile::flush);
            carry();
            failing = false;
          } catch (IOException | RuntimeException e) {
            if (!failing) {
              warnings.accept("TensorBoard's event files could not be written: " + e.getMessage());
            }
            failing = true;
          }
        });
  }

  private EventFile file(String run) {
    return files.computeIfAbsent(
        run,
        name -> {
          try {
            return new EventFile(Files.createDirectories(local.resolve(name)), name);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void carry() throws IOException {
    try (Stream<Path> files = Files.walk(local)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        folder.upload(file, file.getParent().getFileName() + "/" + file.getFileName());
      }
    }
  }

  @Override
  public void close() {
    writer.execute(() -> files.values().forEach(EventFile::close));
    writer.shutdown();
    try {
      if (!writer.awaitTermination(PATIENCE_AT_THE_END.toSeconds(), TimeUnit.SECONDS)) {
        writer.shutdownNow();
        warnings.accept("TensorBoard's last event files did not arrive in " + folder.uri());
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
