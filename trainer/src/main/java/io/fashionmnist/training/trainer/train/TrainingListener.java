package io.fashionmnist.training.trainer.train;

/**
 * Watches a training run. Called on the training thread, in order: what takes long belongs on a
 * thread of the listener's own.
 */
@FunctionalInterface
public interface TrainingListener extends AutoCloseable {
  void on(TrainingEvent event);

  /** Called once, at the end of the process, however the training ended. */
  @Override
  default void close() {}
}
