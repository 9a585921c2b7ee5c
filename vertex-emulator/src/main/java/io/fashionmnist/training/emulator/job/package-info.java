/**
 * Custom jobs: their names, checks, life and order. The life of one job is a pure function; only\n
 * * {@code JobScheduler} holds state.
 */
package io.fashionmnist.training.emulator.job;
