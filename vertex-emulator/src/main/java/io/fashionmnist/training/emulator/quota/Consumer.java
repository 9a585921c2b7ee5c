package io.fashionmnist.training.emulator.quota;

/**
 * Whose quota: a project in a region.
 *
 * @param project the project's number
 * @param region such as {@code us-central1}
 */
public record Consumer(String project, String region) {}
