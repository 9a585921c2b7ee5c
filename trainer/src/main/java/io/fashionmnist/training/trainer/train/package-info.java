/**
 * Training: the loop over epochs and steps, the learning-rate schedule, early stopping,
 * checkpoints. Everything that only watches is a {@link
 * io.fashionmnist.training.trainer.train.TrainingListener}. TensorFlow stays in {@code model}.
 */
package io.fashionmnist.training.trainer.train;
