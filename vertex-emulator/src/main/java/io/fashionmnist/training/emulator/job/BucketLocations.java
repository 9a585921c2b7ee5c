package io.fashionmnist.training.emulator.job;

import java.util.Optional;

/** Where buckets are. */
@FunctionalInterface
public interface BucketLocations {
  /** The location of a bucket in lower case, such as {@code us-central1}; empty if unknown. */
  Optional<String> of(String bucket);
}
