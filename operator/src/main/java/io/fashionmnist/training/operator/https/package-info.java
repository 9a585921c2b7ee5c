/**
 * The HTTPS server that every replica has, and the certificate that it serves with. What is served
 * does not enter: rooms bring their {@link Routes}.
 */
package io.fashionmnist.training.operator.https;
