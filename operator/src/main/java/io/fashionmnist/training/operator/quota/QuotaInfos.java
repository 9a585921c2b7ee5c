package io.fashionmnist.training.operator.quota;

import com.google.api.cloudquotas.v1.DimensionsInfo;
import com.google.api.cloudquotas.v1.QuotaInfo;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads what Cloud Quotas says of a project's training quotas. Pure.
 *
 * @see <a
 *     href="https://github.com/googleapis/googleapis/blob/master/google/api/cloudquotas/v1/resources.proto">QuotaInfo</a>
 */
final class QuotaInfos {
  static final String SERVICE = "aiplatform.googleapis.com/";
  private static final String REGION = "region";
  private static final long UNLIMITED = -1;

  private QuotaInfos() {}

  /** Whether it is a quota of what jobs hold, not one of requests in a minute. */
  static boolean ofTraining(QuotaInfo info) {
    return info.getRefreshInterval().isEmpty()
        && (info.getMetric().startsWith(SERVICE + "custom_model_training_")
            || info.getMetric().startsWith(SERVICE + "restricted_image_training_"));
  }

  /** The metrics' names, without the service's. */
  static Set<String> metrics(Collection<QuotaInfo> infos) {
    return infos.stream().map(QuotaInfos::metric).collect(Collectors.toUnmodifiableSet());
  }

  /** The limits in a region. A metric without an entry for it is unknown. */
  static Map<String, Limit> limits(Collection<QuotaInfo> infos, String region) {
    Map<String, Limit> limits = new HashMap<>();
    infos.forEach(info -> limits.merge(metric(info), limit(info, region), QuotaInfos::smaller));
    return Map.copyOf(limits);
  }

  private static String metric(QuotaInfo info) {
    return info.getMetric().substring(SERVICE.length());
  }

  /** What is said of the region itself counts more than what is said of several. */
  private static Limit limit(QuotaInfo info, String region) {
    return info.getDimensionsInfosList().stream()
        .filter(each -> explicit(each, region) || applies(each, region))
        .min(Comparator.comparing(each -> !explicit(each, region)))
        .filter(DimensionsInfo::hasDetails)
        .map(each -> each.getDetails().getValue())
        .map(value -> value == UNLIMITED ? Limit.UNLIMITED : new Limit.Of(value))
        .orElse(Limit.UNKNOWN);
  }

  private static boolean explicit(DimensionsInfo info, String region) {
    return region.equals(info.getDimensionsMap().get(REGION));
  }

  private static boolean applies(DimensionsInfo info, String region) {
    return !info.containsDimensions(REGION) && info.getApplicableLocationsList().contains(region);
  }

  /** Several limits of one metric hold together. */
  private static Limit smaller(Limit one, Limit other) {
    List<Limit> known =
        List.of(one, other).stream().filter(each -> !(each instanceof Limit.Unknown)).toList();
    Optional<Limit> least =
        known.stream()
            .min(
                Comparator.comparingLong(
                    each -> each instanceof Limit.Of(long amount) ? amount : Long.MAX_VALUE));
    return least.orElse(Limit.UNKNOWN);
  }
}
