/**
 * Registered models: versions, aliases, labels, evaluations. Knows names, times and pages, and no
 * server.
 */
package io.fashionmnist.training.emulator.model;
