package io.fashionmnist.training.operator.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What the jobs of some namespaces may use. Patterns may have {@code *} for any text.
 *
 * @param projects Google Cloud projects; none means no Vertex AI
 * @param regions their regions; likewise
 * @param serviceAccounts accounts that Vertex AI jobs may run as
 * @param images trainers' images; absent means any
 * @param buckets buckets of {@code gs://} data and outputs; absent means any
 */
public record Tenant(
    List<String> namespaces,
    List<String> projects,
    List<String> regions,
    List<String> serviceAccounts,
    List<String> images,
    List<String> buckets) {

  public Tenant {
    namespaces = namespaces == null ? List.of("*") : List.copyOf(namespaces);
    projects = projects == null ? List.of() : List.copyOf(projects);
    regions = regions == null ? List.of() : List.copyOf(regions);
    serviceAccounts = serviceAccounts == null ? List.of() : List.copyOf(serviceAccounts);
    images = images == null ? List.of("*") : List.copyOf(images);
    buckets = buckets == null ? List.of("*") : List.copyOf(buckets);
  }

  /** Every namespace, any image and bucket, the cluster alone. */
  public static Tenant everyone() {
    return new Tenant(null, null, null, null, null, null);
  }

  /** Whether one of the patterns fits the whole text. */
  public static boolean matches(List<String> patterns, String text) {
    return patterns.stream()
        .anyMatch(
            pattern -> Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), text));
  }
}
