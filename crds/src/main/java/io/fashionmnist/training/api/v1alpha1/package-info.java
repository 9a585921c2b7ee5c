/**
 * The custom resource {@code FashionTrainingJob}, version v1alpha1: its specification, its status
 * and the rules by which the API server judges it.
 *
 * <p>Records that are read from and written to JSON, and the schema's annotations on them. What a
 * job does, or should do next, is the operator's affair and does not enter. A component that may be
 * absent in JSON is null in the record when it is plain text or a number; lists and maps are empty
 * instead. Nothing is filled in that would reach the stored resource: defaults are in the
 * accessors, so that what Git holds and what the cluster holds stay the same.
 */
package io.fashionmnist.training.api.v1alpha1;
