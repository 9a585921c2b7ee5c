/**
 * The cluster as the user may see it, and the operator in it, reached by a forwarded port. Nothing
 * is printed here.
 */
package io.fashionmnist.training.kubectl.cluster;
