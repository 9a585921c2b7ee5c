package io.fashionmnist.training.operator.backend;

/**
 * What runs in the cluster although its attempt is over: made by an operator that was held up until
 * another had gone on without it.
 *
 * @param externalName its name
 * @param attempt number of the attempt that it was
 */
public record Stray(String externalName, int attempt) {}
