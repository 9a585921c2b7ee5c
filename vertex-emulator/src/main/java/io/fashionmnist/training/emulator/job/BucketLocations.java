package io.fashionmnist.training.emulator.job;

import java.util.Map;
import java.util.Optional;

/** Where buckets are. */
@FunctionalInterface
public interface BucketLocations {
  /** The location of a bucket in lower case, such as {@code us-central1}; empty if unknown. */
  Optional<String> of(String bucket);

  /** Known from a table first, then from elsewhere. */
  static BucketLocations of(Map<String, String> table, BucketLocations others) {
    Map<String, String> copy = Map.copyOf(table);
    return bucket -> Optional.ofNullable(copy.get(bucket)).or(() -> others.of(bucket));
  }
}
