package io.fashionmnist.training.operator.backend.cluster;

import java.util.Optional;

/**
 * A folder in a volume: {@code pvc://claim/path}.
 *
 * @param claim name of the PersistentVolumeClaim
 * @param path the folder in it, without slashes at its ends; empty for the volume's root
 */
record VolumeUri(String claim, String path) {
  private static final String SCHEME = "pvc://";

  /** Reads a URI; empty for another scheme. */
  static Optional<VolumeUri> of(String uri) {
    if (!uri.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String[] parts = uri.substring(SCHEME.length()).split("/", 2);
    return Optional.of(
        new VolumeUri(parts[0], parts.length == 1 ? "" : parts[1].replaceAll("^/+|/+$", "")));
  }

  /** Where the folder is when the volume is mounted there. */
  String below(String mountPath) {
    return path.isEmpty() ? mountPath : mountPath + "/" + path;
  }
}
