/**
 * What a training run is configured with and what it reports: the part of the API that the trainer
 * shares with the custom resource.
 *
 * <p>Plain records and enums, the constraints on them, and the command-line form of the
 * configuration. No Kubernetes and no TensorFlow types may enter. A component that may be absent in
 * JSON is a boxed type; {@link io.fashionmnist.training.api.training.TrainingConfig} fills what is
 * absent with its defaults, a {@link io.fashionmnist.training.api.training.TrainingReport} leaves
 * it out.
 */
package io.fashionmnist.training.api.training;
