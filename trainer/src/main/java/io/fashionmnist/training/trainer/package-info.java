/**
 * The program in the container: reads a configuration and a data set, trains, and leaves a model, a
 * report and its checkpoints behind.
 *
 * <p>This package holds what all rooms share; nothing here knows TensorFlow. The rooms: {@code cli}
 * (options, terminal, log), {@code data}, {@code storage}, {@code model} (the TensorFlow graph),
 * {@code train} (the loop and what listens to it), {@code evaluation}, {@code report}.
 */
package io.fashionmnist.training.trainer;
