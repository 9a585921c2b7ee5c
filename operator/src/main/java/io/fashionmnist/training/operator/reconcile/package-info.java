/**
 * A pass over a job in four phases: observe, decide, act, report.
 *
 * <p>{@link io.fashionmnist.training.operator.reconcile.Decider} and {@link
 * io.fashionmnist.training.operator.reconcile.StatusFactory} are pure; {@link
 * io.fashionmnist.training.operator.reconcile.JobReconciler} alone calls anything. Only what a
 * status says is remembered from pass to pass.
 */
package io.fashionmnist.training.operator.reconcile;
