/**
 * What outlives a restart: jobs, limits and faults in one JSON file. Writes and reads, decides
 * nothing.
 */
package io.fashionmnist.training.emulator.state;
