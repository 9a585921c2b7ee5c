/**
 * The HTTPS server that every replica has, the certificate that it serves with, and what its rooms
 * share: the callers' tokens, and how often they may call. What is served does not enter: rooms
 * bring their {@link Routes}.
 */
package io.fashionmnist.training.operator.https;
