package io.fashionmnist.training.operator.backend;

/**
 * What is in the cluster although its attempt is over: made by an operator that was held up until
 * another had gone on without it. It runs, or it has ended and a later attempt was made.
 *
 * @param externalName its name
 * @param attempt number of the attempt that it was
 */
public record Stray(String externalName, int attempt) {}
