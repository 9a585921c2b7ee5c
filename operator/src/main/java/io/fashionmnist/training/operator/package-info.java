/** The operator: wiring of its rooms. Decisions are in {@code reconcile}. */
package io.fashionmnist.training.operator;
