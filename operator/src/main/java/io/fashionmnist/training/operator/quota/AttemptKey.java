package io.fashionmnist.training.operator.quota;

/**
 * An attempt of a job.
 *
 * @param uid of the job's resource
 * @param attempt its number
 */
public record AttemptKey(String uid, int attempt) {}
