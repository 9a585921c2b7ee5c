package io.fashionmnist.training.operator.quota;

/** Where a quota holds: Vertex AI counts by project and region. */
public record QuotaScope(String project, String region) {}
