package io.fashionmnist.training.operator.backend.vertex;

/**
 * Whose a custom job is.
 *
 * @param namespace of the resource
 * @param name of the resource
 * @param uid of the resource: one made again under the same name is another
 * @param attempt its number
 */
public record JobOwner(String namespace, String name, String uid, int attempt) {}
