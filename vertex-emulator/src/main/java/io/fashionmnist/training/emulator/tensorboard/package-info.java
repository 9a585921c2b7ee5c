/**
 * What Vertex AI TensorBoard keeps: instances, their experiments, runs and time series with their
 * points. Knows no server.
 */
package io.fashionmnist.training.emulator.tensorboard;
