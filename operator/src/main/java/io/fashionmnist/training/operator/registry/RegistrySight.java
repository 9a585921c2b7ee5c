package io.fashionmnist.training.operator.registry;

/** What a pass sees of a registration: what is wanted, and what is known. */
public record RegistrySight(RegistryPlan plan, Finding finding) {}
