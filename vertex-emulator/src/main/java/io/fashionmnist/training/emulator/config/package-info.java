/**
 * What the emulator is told at its start: the record of all settings and the reader of YAML, which
 * finds all mistakes at once.
 */
package io.fashionmnist.training.emulator.config;
