package io.fashionmnist.training.emulator.job;

import io.fashionmnist.training.emulator.error.ApiException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a custom job.
 *
 * @param location where it is
 * @param id digits
 */
public record JobName(Location location, String id) {
  private static final Pattern FORM =
      Pattern.compile("(projects/[^/]+/locations/[^/]+)/customJobs/([^/]+)");

  /** Reads {@code projects/P/locations/R/customJobs/ID}. */
  public static JobName parse(String name) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()) {
      throw ApiException.invalidArgument("Invalid resource field value in the request: " + name);
    }
    return new JobName(Location.parse(matcher.group(1)), matcher.group(2));
  }
}
