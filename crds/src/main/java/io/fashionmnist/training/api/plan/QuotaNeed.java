package io.fashionmnist.training.api.plan;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a job needs of one quota, beside what is known of it.
 *
 * @param metric without the service's name
 * @param demand what one attempt takes; absent when even that is not known
 * @param checked whether the operator compares: it does not where the metric's name is a guess
 * @param known what the operator knows of it; absent when nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuotaNeed(String metric, Long demand, boolean checked, QuotaAmounts known) {}
