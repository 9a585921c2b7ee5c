package io.fashionmnist.training.operator.backend;

import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.quota.QuotaState;
import java.util.List;
import java.util.Optional;

/**
 * What an attempt would meet on a placement now, for people.
 *
 * @param admission what the reconciler would be told
 * @param bucket where results would go, if that is a bucket
 * @param needs what it takes of each quota
 */
public record Prospect(Admission admission, Optional<Bucket> bucket, List<Need> needs) {
  public Prospect {
    needs = List.copyOf(needs);
  }

  /**
   * A bucket.
   *
   * @param location where it is, lower case, if that can be told
   */
  public record Bucket(String name, Optional<String> location) {}

  /**
   * What an attempt takes of a quota.
   *
   * @param demand empty when even that is not known
   * @param checked whether admissions compare it
   * @param known empty when nothing is known
   */
  public record Need(
      String metric, Optional<Long> demand, boolean checked, Optional<QuotaState> known) {}
}
