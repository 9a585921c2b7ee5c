/**
 * TensorBoard's event files, written by TensorFlow's own summary operations. Beside {@code model}
 * the only room that knows TensorFlow; nothing here may slow or fail the training.
 */
package io.fashionmnist.training.trainer.tensorboard;
