package io.fashionmnist.training.api.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What would become of a job if it were submitted now.
 *
 * @param namespace the job's
 * @param name the job's; absent if it has none yet
 * @param time when this was so, RFC 3339
 * @param startsOn the placement of the first attempt; absent when none is open now
 * @param refusal why the job can run nowhere; absent when it can
 * @param placements all of the list, in order
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobPlan(
    String namespace,
    String name,
    String time,
    String startsOn,
    Refusal refusal,
    List<PlacementOutlook> placements) {

  public JobPlan {
    placements = placements == null ? List.of() : List.copyOf(placements);
  }

  /**
   * Why a job can't run.
   *
   * @param reason one word
   * @param message what to change
   */
  public record Refusal(String reason, String message) {}
}
