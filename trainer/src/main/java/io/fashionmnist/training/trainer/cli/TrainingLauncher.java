package io.fashionmnist.training.trainer.cli;

/** What {@code fashion-trainer train} starts once it knows what is wanted. */
@FunctionalInterface
public interface TrainingLauncher {

  /**
   * Trains, and returns when all is done; the termination message tells how it ended.
   *
   * @return the exit code: 0 when trained, 143 when interrupted, with nothing lost
   * @throws io.fashionmnist.training.trainer.BadInputException for what the user has to change
   */
  int launch(TrainRequest request) throws Exception;
}
