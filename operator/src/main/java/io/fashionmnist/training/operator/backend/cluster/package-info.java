/**
 * Attempts in the cluster: a {@code batch/v1} Job each. {@link
 * io.fashionmnist.training.operator.backend.cluster.TrainerJob} is the pure desired Job, {@link
 * io.fashionmnist.training.operator.backend.cluster.JobObserver} the pure reading of what became of
 * it, {@link io.fashionmnist.training.operator.backend.cluster.ClusterBackend} alone calls the API
 * server.
 */
package io.fashionmnist.training.operator.backend.cluster;
