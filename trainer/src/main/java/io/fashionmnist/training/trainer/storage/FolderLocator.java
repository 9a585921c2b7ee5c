package io.fashionmnist.training.trainer.storage;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the folder that a URI names: a path, {@code file:///path}, {@code gs://bucket/prefix}, or,
 * for reading, {@code https://host/path}.
 *
 * <p>Locating touches neither disk nor network. Buckets are asked with the application default
 * credentials, or without any at the address in {@code STORAGE_EMULATOR_HOST}.
 */
public final class FolderLocator implements AutoCloseable {
  private static final String WHAT_WORKS = "a path, file:///, gs:// or (for reading) https://";
  private static final Pattern URI_WITH_SCHEME =
      Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]+):(?<rest>//?.*)");
  private static final Pattern BUCKET = Pattern.compile("//(?<bucket>[^/]*)(?:/+(?<prefix>.*))?");
  private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PAUSE_BEFORE_RETRY = Duration.ofSeconds(1);
  private static final Duration PATIENCE_WITHIN_A_FILE = Duration.ofSeconds(60);

  private final BucketConnection buckets;

  /**
   * @param environment the process's environment variables
   */
  public FolderLocator(Map<String, String> environment) {
    this.buckets =
        new BucketConnection(
            Optional.ofNullable(environment.get("STORAGE_EMULATOR_HOST"))
                .filter(address -> !address.isBlank()));
  }

  /**
   * Finds a folder.
   *
   * @throws BadInputException if the URI is malformed or of an unknown scheme
   */
  public Folder locate(String uri) {
    if (uri.isBlank()) {
      throw new BadInputException("Empty location: give " + WHAT_WORKS + ".");
    }
    Matcher parts = URI_WITH_SCHEME.matcher(uri.strip());
    if (!parts.matches()) {
      return directory(uri);
    }
    String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "file" -> file(uri.strip());
      case "gs" -> bucket(uri.strip(), parts.group("rest"));
      case "http", "https" -> web(uri.strip());
      case "pvc" ->
          throw new BadInputException(
              ("%s: only the operator can mount a claim; give the trainer the path at which it is"
                      + " mounted, or file:///, gs:// or (for reading) https://.")
                  .formatted(uri));
      default ->
          throw new BadInputException(
              "%s: unknown scheme %s://; what works is %s.".formatted(uri, scheme, WHAT_WORKS));
    };
  }

  /** Closes the connections; folders located before no longer work. */
  @Override
  public void close() throws IOException {
    buckets.close();
  }

  private static Folder directory(String path) {
    try {
      return new LocalFolder(Path.of(path));
    } catch (InvalidPathException e) {
      throw new BadInputException("%s is not a path: %s.".formatted(path, e.getReason()), e);
    }
  }

  private static Folder file(String uri) {
    try {
      return new LocalFolder(Path.of(URI.create(uri)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "%s: write file:/// and the whole path, as in file:///data/fashion.".formatted(uri), e);
    }
  }

  private Folder bucket(String uri, String rest) {
    Matcher parts = BUCKET.matcher(rest);
    if (!parts.matches() || !BUCKET_NAME.matcher(parts.group("bucket")).matches()) {
      throw new BadInputException(
          "%s: no valid bucket name; write gs://bucket/prefix.".formatted(uri));
    }
    String prefix = parts.group("prefix") == null ? "" : parts.group("prefix");
    return new BucketFolder(
        buckets,
        parts.group("bucket"),
        prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
  }

  private static Folder web(String uri) {
    URI address;
    try {
      address = URI.create(uri);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("%s: %s.".formatted(uri, e.getMessage()), e);
    }
    if (address.getHost() == null) {
      throw new BadInputException("%s: no host; write https://host/path.".formatted(uri));
    }
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    return new WebFolder(client, address, PAUSE_BEFORE_RETRY, PATIENCE_WITHIN_A_FILE);
  }
}
