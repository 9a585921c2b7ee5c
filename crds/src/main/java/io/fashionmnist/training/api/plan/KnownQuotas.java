package io.fashionmnist.training.api.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What the operator has learned of quotas since it leads.
 *
 * @param time when this was so, RFC 3339
 * @param namespace whose projects and regions these are; absent: all that are known
 * @param quotas by project, region and metric
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KnownQuotas(String time, String namespace, List<KnownQuota> quotas) {

  public KnownQuotas {
    quotas = quotas == null ? List.of() : List.copyOf(quotas);
  }

  /**
   * One metric in one region of one project.
   *
   * @param metric without the service's name; for a stockout, the machine's shape
   * @param stockout whether this is about machines that are sold out, and not about a quota
   */
  public record KnownQuota(
      String project, String region, String metric, boolean stockout, QuotaAmounts amounts) {}
}
