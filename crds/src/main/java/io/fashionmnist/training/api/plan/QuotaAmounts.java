package io.fashionmnist.training.api.plan;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What the operator knows of one quota.
 *
 * @param limit absent when it is not known, {@value #UNLIMITED} when there is none, as Cloud Quotas
 *     has it
 * @param usage as Cloud Monitoring told it, up to a day old; absent when nobody says
 * @param reserved what this operator's attempts take
 * @param tried how many attempts are just being tried
 * @param blockedUntil until when none is tried, RFC 3339; in the past: one at a time is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuotaAmounts(Long limit, Long usage, long reserved, int tried, String blockedUntil) {
  /** The limit where there is none. */
  public static final long UNLIMITED = -1;
}
