/** Limits and usage per project, region and metric. Pure: no clock, no threads, no requests. */
package io.fashionmnist.training.emulator.quota;
