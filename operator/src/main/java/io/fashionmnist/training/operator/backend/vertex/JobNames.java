package io.fashionmnist.training.operator.backend.vertex;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resource names of custom jobs: {@code projects/123/locations/us-east1/customJobs/456}. The
 * service answers with the project's number whatever it was asked with, so that names are never
 * compared as a whole.
 */
public final class JobNames {
  private static final Pattern NAME =
      Pattern.compile("projects/[^/]+/locations/([^/]+)/customJobs/([^/]+)");

  private JobNames() {}

  /**
   * The job's own part of the name.
   *
   * @throws IllegalArgumentException for another form
   */
  public static String id(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException(name + ": not a custom job's name");
    }
    return parts.group(2);
  }
}
