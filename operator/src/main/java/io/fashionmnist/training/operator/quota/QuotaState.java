package io.fashionmnist.training.operator.quota;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of one metric in one scope, for people and gauges.
 *
 * @param metric without the service's name; for a stockout, the machine's shape
 * @param usage as Cloud Monitoring told it, up to a day old
 * @param reserved what this operator's attempts take
 * @param unconfirmed how many attempts are just being tried
 * @param blockedUntil until when none is tried; in the past: one at a time is
 */
public record QuotaState(
    QuotaScope scope,
    String metric,
    Limit limit,
    OptionalLong usage,
    long reserved,
    int unconfirmed,
    Optional<Instant> blockedUntil) {}
