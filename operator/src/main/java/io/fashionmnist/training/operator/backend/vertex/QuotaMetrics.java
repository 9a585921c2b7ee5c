package io.fashionmnist.training.operator.backend.vertex;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The allocation quotas that a message names. The service sends no QuotaFailure with its errors, so
 * its sentences are all there is to read.
 */
final class QuotaMetrics {
  private static final Pattern EXCEEDED =
      Pattern.compile(
          "exceeds? (the )?quota limits?|following quota metrics|following quotas are exceeded"
              + "|quota limits: ?aiplatform",
          Pattern.CASE_INSENSITIVE);

  /** Compute Engine's sentence: {@code Quota 'NVIDIA_T4_GPUS' exceeded. Limit: 0.0 in region R.} */
  private static final Pattern COMPUTE =
      Pattern.compile(
          "Quota [`'\"]([A-Z][A-Z0-9_]*)[`'\"] exceeded(?:\\. ?Limit: ?([0-9]+(?:\\.[0-9]+)?))?");

  private static final Pattern DISPLAY_NAMES =
      Pattern.compile("following quotas are exceeded: ?((?:\\w+(?:, ?)?)+)");
  private static final Pattern ZERO =
      Pattern.compile(
          "(?<![\\w.])(?:limit|quota_limit_value)\\\"?[:=] ?\\\"?0(?:\\.0+)?(?![\\w.]*\\d)",
          Pattern.CASE_INSENSITIVE);

  /** A name with its service; not a part of a URL or of a resource's name. */
  private static final Pattern METRIC =
      Pattern.compile(
          "(?<![\\w./-])(?:((?!type\\.)[a-z][a-z0-9-]*\\.googleapis\\.com)/ ?([a-z][a-z0-9_]*)"
              + "|((?:custom_model_training|restricted_image_training)_[a-z0-9_]+))"
              + "(?![\\w/])(\\.\\.|…)?");

  private static final String SERVICE = "aiplatform.googleapis.com";

  private QuotaMetrics() {}

  /** What an exhausted quota is: its metrics, and whether the limit was said to be zero. */
  record Exhausted(List<String> metrics, boolean limitZero) {}

  /** Reads one line; empty if it is not about an allocation quota. */
  static Optional<Exhausted> in(String line) {
    Matcher compute = COMPUTE.matcher(line);
    if (compute.find()) {
      boolean zero = compute.group(2) != null && Double.parseDouble(compute.group(2)) == 0;
      return Optional.of(new Exhausted(List.of(compute.group(1)), zero));
    }
    boolean training =
        line.contains("custom_model_training_") || line.contains("restricted_image_training_");
    boolean quota = line.toLowerCase(Locale.ROOT).contains("quota");
    if (!EXCEEDED.matcher(line).find() && !(training && quota)) {
      return Optional.empty();
    }
    Set<String> metrics = new LinkedHashSet<>();
    Matcher each = METRIC.matcher(line);
    while (each.find()) {
      // What dots follow is the start of a name whose rest was cut off.
      if (each.group(4) == null) {
        metrics.add(name(each));
      }
    }
    Matcher names = DISPLAY_NAMES.matcher(line);
    if (metrics.isEmpty() && names.find()) {
      metrics.addAll(List.of(names.group(1).split(", ?")));
    }
    return Optional.of(new Exhausted(List.copyOf(metrics), ZERO.matcher(line).find()));
  }

  private static String name(Matcher metric) {
    if (metric.group(3) != null) {
      return metric.group(3);
    }
    return metric.group(1).equals(SERVICE)
        ? metric.group(2)
        : metric.group(1) + "/" + metric.group(2);
  }
}
