/** The commands: each reads its options, asks the cluster or the operator, and prints. */
package io.fashionmnist.training.kubectl.command;
