/**
 * What does a job's work: nothing but a timeline, a local process, or a pod. Knows neither quota
 * nor requests; the {@code job} room asks it how far the work is.
 */
package io.fashionmnist.training.emulator.executor;
