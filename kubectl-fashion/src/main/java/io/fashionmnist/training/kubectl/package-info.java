/** The program {@code kubectl-fashion}: its entry. What its commands do is in the rooms below. */
package io.fashionmnist.training.kubectl;
