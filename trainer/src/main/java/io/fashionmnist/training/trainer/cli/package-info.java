/**
 * The program's face: options, presets and configuration files, help and usage errors. What it
 * understood goes on as a {@link io.fashionmnist.training.trainer.cli.TrainRequest}; nothing here
 * knows how training works.
 */
package io.fashionmnist.training.trainer.cli;
