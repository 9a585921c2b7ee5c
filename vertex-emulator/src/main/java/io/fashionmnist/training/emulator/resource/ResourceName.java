package io.fashionmnist.training.emulator.resource;

import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.job.Location;
import io.fashionmnist.training.emulator.job.Projects;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a resource below a location.
 *
 * @param location where it is
 * @param path what follows the location, such as {@code metadataStores/default/contexts/fashion}
 */
public record ResourceName(Location location, String path) {
  private static final Pattern PROJECT = Pattern.compile("^projects/([^/]+)/");

  /**
   * Reads {@code projects/P/locations/R}, followed by a part for each collection.
   *
   * @param collections such as {@code metadataStores}, {@code contexts}
   * @throws ApiException INVALID_ARGUMENT for any other form
   */
  public static ResourceName parse(String name, String... collections) {
    Pattern form =
        Pattern.compile(
            Arrays.stream(collections)
                .map(collection -> collection + "/[^/]+")
                .collect(Collectors.joining("/", "(projects/[^/]+/locations/[^/]+)/(", ")")));
    Matcher matcher = form.matcher(name);
    if (!matcher.matches()) {
      throw ApiException.invalidArgument("Invalid resource field value in the request: " + name);
    }
    return new ResourceName(Location.parse(matcher.group(1)), matcher.group(2));
  }

  /** The name as the service writes it, with the project's number. */
  public String canonical(Projects projects) {
    return canonical(location, projects) + "/" + path;
  }

  /** A location's name as the service writes it. */
  public static String canonical(Location location, Projects projects) {
    return "projects/" + projects.number(location.project()) + "/locations/" + location.region();
  }

  /** Any text with the project's number where it begins with a project. */
  public static String canonical(String name, Projects projects) {
    return PROJECT
        .matcher(name)
        .replaceFirst(found -> "projects/" + projects.number(found.group(1)) + "/");
  }
}
