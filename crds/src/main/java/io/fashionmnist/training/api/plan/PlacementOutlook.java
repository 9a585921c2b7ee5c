package io.fashionmnist.training.api.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fashionmnist.training.api.v1alpha1.Backend;
import java.util.List;

/**
 * What a job would meet on one placement now.
 *
 * @param name the placement's
 * @param backend what it is on
 * @param project its Google Cloud project; absent in the cluster
 * @param region its region; likewise
 * @param machine what the job would take, such as {@code n1-standard-4 Spot}; likewise
 * @param outlook whether an attempt would be made
 * @param reason why not, one word
 * @param message why not, with limit and demand, or until when
 * @param advice what would change that
 * @param bucket where results would go, if that is a bucket
 * @param quota what the job needs of each quota
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlacementOutlook(
    String name,
    Backend backend,
    String project,
    String region,
    String machine,
    Outlook outlook,
    String reason,
    String message,
    String advice,
    Bucket bucket,
    List<QuotaNeed> quota) {

  public PlacementOutlook {
    quota = quota == null ? List.of() : List.copyOf(quota);
  }

  /**
   * The bucket that results would go to.
   *
   * @param location its region or multi-region, lower case; absent when it can't be looked up
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Bucket(String name, String location) {}
}
