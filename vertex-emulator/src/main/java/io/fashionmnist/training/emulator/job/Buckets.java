package io.fashionmnist.training.emulator.job;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where buckets are: told, or asked of Cloud Storage. Safe for threads. */
public final class Buckets implements BucketLocations {
  private final SortedMap<String, String> told = new TreeMap<>();
  private final BucketLocations others;

  /** With what was told, and whom to ask about the rest. */
  public Buckets(Map<String, String> told, BucketLocations others) {
    told.forEach(this::put);
    this.others = others;
  }

  /** Tells where a bucket is. */
  public synchronized void put(String bucket, String location) {
    told.put(bucket, location.toLowerCase(Locale.ROOT));
  }

  /** What was told. */
  public synchronized Map<String, String> locations() {
    return new TreeMap<>(told);
  }

  @Override
  public Optional<String> of(String bucket) {
    synchronized (this) {
      if (told.containsKey(bucket)) {
        return Optional.of(told.get(bucket));
      }
    }
    return others.of(bucket);
  }
}
