/**
 * The Model Registry: what becomes of a model after its job has succeeded. {@link
 * io.fashionmnist.training.operator.registry.Registration} is the pure decision, {@link
 * io.fashionmnist.training.operator.registry.ModelUpload} and {@link
 * io.fashionmnist.training.operator.registry.EvaluationReport} the pure requests; {@link
 * io.fashionmnist.training.operator.registry.ModelRegistry} alone calls the service, and {@link
 * io.fashionmnist.training.operator.registry.Registrar} has it do so beside the passes.
 */
package io.fashionmnist.training.operator.registry;
