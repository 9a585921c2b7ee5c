/**
 * Tests on a real API server, with the operator as the program that it is and the rights that the
 * chart gives it. Nothing runs pods or Jobs there: {@link
 * io.fashionmnist.training.operator.apiserver.NodeStandIn} does.
 */
package io.fashionmnist.training.operator.apiserver;
