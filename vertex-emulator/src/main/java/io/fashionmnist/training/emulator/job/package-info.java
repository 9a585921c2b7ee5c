/**
 * Custom jobs: their names, checks, life and order. The life of one job is a pure function; only
 * {@code JobScheduler} and its {@code JobFloor} hold state.
 */
package io.fashionmnist.training.emulator.job;
