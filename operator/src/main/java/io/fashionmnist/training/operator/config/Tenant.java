package io.fashionmnist.training.operator.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.regex.Pattern;

/** What the jobs of some namespaces may use. Patterns may have {@code *} for any text. */
public record Tenant(
    @JsonPropertyDescription("Patterns of the namespaces that this is about. Absent: all.")
        List<String> namespaces,
    @JsonPropertyDescription("Google Cloud projects. Absent: none, so no Vertex AI.")
        List<String> projects,
    @JsonPropertyDescription("Their regions. Absent: none, so no Vertex AI.") List<String> regions,
    @JsonPropertyDescription(
            "Accounts that Vertex AI jobs may run as, besides vertex.serviceAccount.")
        List<String> serviceAccounts,
    @JsonPropertyDescription("Trainers' images. Absent: any.") List<String> images,
    @JsonPropertyDescription("Buckets of gs:// data and outputs. Absent: any.")
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
