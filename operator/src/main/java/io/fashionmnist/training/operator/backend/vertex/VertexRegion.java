package io.fashionmnist.training.operator.backend.vertex;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A project's jobs in a region: what one list shows. */
public record VertexRegion(String project, String region) {
  private static final Pattern PARENT = Pattern.compile("projects/([^/]+)/locations/([^/]+)");

  /**
   * Reads what {@link #parent()} writes.
   *
   * @throws IllegalArgumentException for another form
   */
  public static VertexRegion of(String parent) {
    Matcher parts = PARENT.matcher(parent);
    if (!parts.matches()) {
      throw new IllegalArgumentException(parent + ": not projects/PROJECT/locations/REGION");
    }
    return new VertexRegion(parts.group(1), parts.group(2));
  }

  /** As the API names it. */
  public String parent() {
    return "projects/%s/locations/%s".formatted(project, region);
  }
}
