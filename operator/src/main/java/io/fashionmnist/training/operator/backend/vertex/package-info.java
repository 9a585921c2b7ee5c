/**
 * Attempts on Vertex AI: a custom job each. {@link
 * io.fashionmnist.training.operator.backend.vertex.CustomJobs} is the pure desired job, {@link
 * io.fashionmnist.training.operator.backend.vertex.VertexErrors} the pure reading of what the
 * service says, {@link io.fashionmnist.training.operator.backend.vertex.PolledJobs} the pure
 * reading of a list; {@link io.fashionmnist.training.operator.backend.vertex.VertexApi} alone calls
 * the service, and {@link io.fashionmnist.training.operator.backend.vertex.JobPoller} says when.
 * What to do about any of it is decided elsewhere.
 */
package io.fashionmnist.training.operator.backend.vertex;
