/**
 * What a training run tells the world while it runs and when it ends: terminal, log, {@code
 * report.json}, progress POST, termination message. Each is a {@link
 * io.fashionmnist.training.trainer.train.TrainingListener}; none may stop the training or hold it
 * up. TensorFlow may not enter.
 */
package io.fashionmnist.training.trainer.report;
