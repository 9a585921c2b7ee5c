package io.fashionmnist.training.emulator.executor;

import java.time.Duration;
import java.util.Map;

/**
 * How pods are made.
 *
 * @param namespace of all pods
 * @param maxCpus what a pod gets at most of its machine's CPUs
 * @param maxMemoryMib what a pod gets at most of its machine's memory
 * @param grace between SIGTERM and SIGKILL
 * @param environment further variables
 */
public record PodSettings(
    String namespace,
    int maxCpus,
    int maxMemoryMib,
    Duration grace,
    Map<String, String> environment) {}
