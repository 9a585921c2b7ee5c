package io.fashionmnist.training.emulator.service;

import com.google.api.cloudquotas.v1.DimensionsInfo;
import com.google.api.cloudquotas.v1.QuotaDetails;
import com.google.api.cloudquotas.v1.QuotaInfo;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The limits as Cloud Quotas tells them. Pure. */
final class QuotaCatalog {
  private static final String SERVICE = "aiplatform.googleapis.com";

  /** The regions that a limit for all regions applies to. */
  private static final List<String> REGIONS =
      List.of(
          "asia-east1",
          "asia-northeast1",
          "asia-southeast1",
          "europe-west1",
          "europe-west2",
          "europe-west4",
          "us-central1",
          "us-east1",
          "us-east4",
          "us-west1",
          "us-west2",
          "us-west4");

  private QuotaCatalog() {}

  /**
   * One entry per metric with a limit.
   *
   * @param parent {@code projects/P/locations/global/services/aiplatform.googleapis.com}
   */
  static List<QuotaInfo> infos(String parent, List<QuotaLimit> limits) {
    Map<String, QuotaInfo.Builder> infos = new TreeMap<>();
    for (QuotaLimit limit : limits) {
      infos
          .computeIfAbsent(limit.metric(), metric -> info(parent, metric))
          .addDimensionsInfos(dimensions(limit, limits));
    }
    return infos.values().stream().map(QuotaInfo.Builder::build).toList();
  }

  private static QuotaInfo.Builder info(String parent, String metric) {
    String id = quotaId(metric);
    return QuotaInfo.newBuilder()
        .setName(parent + "/quotaInfos/" + id)
        .setQuotaId(id)
        .setMetric(ServiceTexts.METRIC_PREFIX + metric)
        .setService(SERVICE)
        .setContainerType(QuotaInfo.ContainerType.PROJECT)
        .setMetricUnit("1")
        .addDimensions("region");
  }

  private static DimensionsInfo dimensions(QuotaLimit limit, List<QuotaLimit> all) {
    DimensionsInfo.Builder info =
        DimensionsInfo.newBuilder().setDetails(QuotaDetails.newBuilder().setValue(limit.value()));
    if (!limit.region().equals(QuotaLimit.EVERYWHERE)) {
      return info.putDimensions("region", limit.region())
          .addApplicableLocations(limit.region())
          .build();
    }
    List<String> own =
        all.stream()
            .filter(other -> other.metric().equals(limit.metric()))
            .map(QuotaLimit::region)
            .toList();
    return info.addAllApplicableLocations(
            REGIONS.stream().filter(region -> !own.contains(region)).toList())
        .build();
  }

  /** {@code custom_model_training_cpus} is {@code CustomModelTrainingCPUsPerProjectPerRegion}. */
  static String quotaId(String metric) {
    return Arrays.stream(metric.split("_"))
        .map(
            word ->
                switch (word) {
                  case "cpus" -> "CPUs";
                  case "gpus" -> "GPUs";
                  default -> Character.toUpperCase(word.charAt(0)) + word.substring(1);
                })
        .collect(Collectors.joining("", "", "PerProjectPerRegion"));
  }
}
