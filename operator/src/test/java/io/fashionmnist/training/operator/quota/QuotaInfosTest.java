package io.fashionmnist.training.operator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.cloudquotas.v1.DimensionsInfo;
import com.google.api.cloudquotas.v1.QuotaDetails;
import com.google.api.cloudquotas.v1.QuotaInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotaInfosTest {
  private static final String CPUS = "custom_model_training_cpus";

  @Test
  void theRegionsEntryCountsWhereverItStands() {
    QuotaInfo info =
        info(applying(1, "us-west1", "us-east4"), applying(42, "asia-east1", "us-east1"));
    assertThat(limit(info, "us-east1")).isEqualTo(new Limit.Of(42));
    assertThat(limit(info, "us-west1")).isEqualTo(new Limit.Of(1));
  }

  @Test
  void whatIsSaidOfTheRegionItselfCountsMore() {
    QuotaInfo info = info(applying(1, "us-east1"), dimension(7, "us-east1"));
    assertThat(limit(info, "us-east1")).isEqualTo(new Limit.Of(7));
    assertThat(limit(info(dimension(7, "us-east1")), "us-east4")).isEqualTo(Limit.UNKNOWN);
  }

  @Test
  void anotherRegionsEntryIsNotOursThoughItApplies() {
    DimensionsInfo odd =
        dimension(7, "us-west1").toBuilder().addApplicableLocations("us-east1").build();
    assertThat(limit(info(odd), "us-east1")).isEqualTo(Limit.UNKNOWN);
  }

  @Test
  void minusOneIsUnlimitedZeroIsZeroAndNothingIsUnknown() {
    assertThat(limit(info(applying(-1, "r")), "r")).isEqualTo(Limit.UNLIMITED);
    assertThat(limit(info(applying(0, "r")), "r")).isEqualTo(new Limit.Of(0));
    assertThat(limit(info(), "r")).isEqualTo(Limit.UNKNOWN);
    DimensionsInfo bare = DimensionsInfo.newBuilder().addApplicableLocations("r").build();
    assertThat(limit(info(bare), "r")).isEqualTo(Limit.UNKNOWN);
    assertThat(QuotaInfos.limits(List.of(), "r")).isEmpty();
  }

  @Test
  void ofSeveralLimitsTheSmallestHolds() {
    assertThat(
            QuotaInfos.limits(
                    List.of(
                        info(applying(-1, "r")),
                        info(applying(9, "r")),
                        info(applying(5, "r")),
                        info()),
                    "r")
                .get(CPUS))
        .isEqualTo(new Limit.Of(5));
  }

  @Test
  void quotasOfRequestsAndOfOtherThingsAreLeftOut() {
    QuotaInfo info = info();
    assertThat(QuotaInfos.ofTraining(info)).isTrue();
    assertThat(QuotaInfos.ofTraining(info.toBuilder().setRefreshInterval("minute").build()))
        .isFalse();
    assertThat(
            QuotaInfos.ofTraining(
                info.toBuilder().setMetric("aiplatform.googleapis.com/online_requests").build()))
        .isFalse();
    assertThat(QuotaInfos.metrics(List.of(info))).containsExactly(CPUS);
  }

  static Limit limit(QuotaInfo info, String region) {
    return QuotaInfos.limits(List.of(info), region).get(CPUS);
  }

  static QuotaInfo info(DimensionsInfo... dimensions) {
    return QuotaInfo.newBuilder()
        .setMetric("aiplatform.googleapis.com/" + CPUS)
        .addAllDimensionsInfos(List.of(dimensions))
        .build();
  }

  static DimensionsInfo applying(long value, String... regions) {
    return DimensionsInfo.newBuilder()
        .setDetails(QuotaDetails.newBuilder().setValue(value))
        .addAllApplicableLocations(List.of(regions))
        .build();
  }

  private static DimensionsInfo dimension(long value, String region) {
    return DimensionsInfo.newBuilder()
        .setDetails(QuotaDetails.newBuilder().setValue(value))
        .putDimensions("region", region)
        .build();
  }
}
