package io.fashionmnist.training.trainer.tensorboard;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Every epoch's metrics for TensorBoard, as Keras lays them out: the runs {@code train} and {@code
 * validation}, the epoch's number from 0 as the step.
 *
 * <p>A thread of its own writes and carries the files to their folder; what fails is a warning.
 */
public final class TensorBoardLog implements TrainingListener {
  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";
  private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);

  private final Folder folder;
  private final Path local;
  private final Consumer<String> warnings;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("tensorboard").factory());
  private EventFile train;
  private EventFile validation;

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
    if (event instanceof TrainingEvent.EpochFinished(EpochMetrics metrics, _)) {
      writer.execute(() -> write(metrics));
    }
  }

  private void write(EpochMetrics metrics) {
    try {
      if (train == null) {
        train = new EventFile(Files.createDirectories(local.resolve(TRAIN)), TRAIN);
        validation = new EventFile(Files.createDirectories(local.resolve(VALIDATION)), VALIDATION);
      }
      long step = metrics.epoch() - 1L;
      train.scalar("epoch_loss", step, metrics.loss());
      train.scalar("epoch_accuracy", step, metrics.accuracy());
      train.scalar("epoch_learning_rate", step, metrics.learningRate());
      train.scalar("images_per_second", step, metrics.imagesPerSecond());
      validation.scalar("epoch_loss", step, metrics.validationLoss());
      validation.scalar("epoch_accuracy", step, metrics.validationAccuracy());
      train.flush();
      validation.flush();
      carry();
    } catch (IOException | RuntimeException e) {
      warnings.accept("TensorBoard's event files could not be written: " + e.getMessage());
    }
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
    writer.execute(
        () -> {
          if (train != null) {
            train.close();
            validation.close();
          }
        });
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
