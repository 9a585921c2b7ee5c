/**
 * What outlives a restart, in one JSON file: jobs, limits, faults, metadata, curves, models. Writes
 * and reads, decides nothing.
 */
package io.fashionmnist.training.emulator.state;
