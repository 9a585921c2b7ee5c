/** What the operator tells in Kubernetes Events. */
package io.fashionmnist.training.operator.event;
