/**
 * Whether the cluster's definition of the resource is the one that this operator was built with.
 */
package io.fashionmnist.training.operator.definition;
