/**
 * Measures an operator on a control plane without nodes: creates jobs, plays the kubelet for their
 * pods and watches what the operator makes of it. Knows operators from outside alone: their
 * resources, their process and their requests.
 */
package io.fashionmnist.training.bench;
