/**
 * The network as TensorFlow graphs: forward pass, gradients, optimizer, saving and exporting.
 *
 * <p>The only room that builds training and inference graphs. Its public methods take and return
 * arrays and paths, never tensors; schedules, epochs and files' meaning stay out.
 */
package io.fashionmnist.training.trainer.model;
