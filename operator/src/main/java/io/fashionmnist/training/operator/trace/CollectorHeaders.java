package io.fashionmnist.training.operator.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What a collector wants to be sent with every call, such as {@code authorization}: a file for each
 * header, as a Secret is mounted. Read anew for each call, so that a Secret may change.
 */
final class CollectorHeaders implements Supplier<Map<String, String>> {
  private static final Logger LOG = Logger.getLogger(CollectorHeaders.class);

  /** A header's name (RFC 9110) that is also a Secret's key. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  private final Path folder;
  private volatile Map<String, String> last;

  /**
   * @throws IllegalArgumentException when they can't be read, or hold what is no header
   */
  CollectorHeaders(Path folder) {
    this.folder = folder;
    last = read();
  }

  @Override
  public Map<String, String> get() {
    try {
      last = read();
    } catch (IllegalArgumentException e) {
      LOG.warnf("The headers of before are sent on: %s", e.getMessage());
    }
    return last;
  }

  /** No message has a value in it: they are secret. */
  private Map<String, String> read() {
    Map<String, String> headers = new TreeMap<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      String value;
      try {
        value = Files.readString(file).strip();
      } catch (IOException e) {
        throw unreadable(e);
      }
      if (!NAME.matcher(name).matches()
          || value.isEmpty()
          || value.chars().anyMatch(letter -> letter < ' ' || letter > '~')) {
        throw new IllegalArgumentException(
            "tracing.headers: %s is no header: its name has letters, digits and hyphens, its value is one line of ASCII"
                .formatted(file));
      }
      headers.put(name, value);
    }
    return headers;
  }

  /** Without the kubelet's own, whose names start with a dot. */
  private List<Path> files() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(Files::isRegularFile)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  private IllegalArgumentException unreadable(Exception cause) {
    return new IllegalArgumentException(
        "tracing.headers: %s can't be read (%s): it must be a folder with a file for each header"
            .formatted(folder, cause.getClass().getSimpleName()),
        cause);
  }
}
