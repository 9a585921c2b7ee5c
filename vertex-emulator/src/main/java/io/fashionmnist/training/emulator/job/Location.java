package io.fashionmnist.training.emulator.job;

import io.fashionmnist.training.emulator.error.ApiException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parent of a custom job.
 *
 * @param project as the caller names it: an id or a number
 * @param region such as {@code us-central1}
 */
public record Location(String project, String region) {
  private static final Pattern FORM = Pattern.compile("projects/([^/]+)/locations/([^/]+)");

  /** Reads {@code projects/P/locations/R}. */
  public static Location parse(String name) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()) {
      throw ApiException.invalidArgument("Invalid resource field value in the request: " + name);
    }
    return new Location(matcher.group(1), matcher.group(2));
  }
}
