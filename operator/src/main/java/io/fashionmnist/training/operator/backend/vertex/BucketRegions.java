package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Where buckets are, remembered: Vertex AI refuses a job whose output is not in its region. One
 * that can't be looked up is in nobody's way.
 */
final class BucketRegions {
  private static final Logger LOG = Logger.getLogger(BucketRegions.class);
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private record Known(Optional<String> location, Instant until) {}

  private final Map<String, String> told;
  private final Function<String, Optional<String>> lookup;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

  /**
   * @param told where some are, whatever a lookup would say
   */
  BucketRegions(
      Map<String, String> told, Function<String, Optional<String>> lookup, InstantSource clock) {
    this.told = told;
    this.lookup = lookup;
    this.clock = clock;
  }

  /** Why a job in a region can't write to a folder, if that is known. */
  Optional<String> complaint(String folder, String region) {
    String bucket = bucket(folder);
    return location(bucket)
        .filter(location -> !location.equals(region))
        .map(
            location ->
                ("bucket %s is in %s and the job would be in %s: set outputUri of this placement to"
                        + " a bucket in %s")
                    .formatted(bucket, location, region, region));
  }

  /** The bucket of a folder. */
  static String bucket(String folder) {
    return folder.replaceFirst("^gs://", "").split("/", 2)[0];
  }

  /** Where a bucket is, lower case, if that can be told. */
  Optional<String> location(String bucket) {
    return Optional.ofNullable(told.get(bucket)).or(() -> lookedUp(bucket));
  }

  private Optional<String> lookedUp(String bucket) {
    Instant now = clock.instant();
    known.values().removeIf(each -> !each.until().isAfter(now));
    return known
        .computeIfAbsent(bucket, _ -> new Known(ask(bucket), now.plus(REMEMBERED)))
        .location();
  }

  private Optional<String> ask(String bucket) {
    try {
      return lookup.apply(bucket).map(location -> location.toLowerCase(Locale.ROOT));
    } catch (StorageException e) {
      LOG.infof("Where bucket %s is can't be told: %s", bucket, e.getMessage());
      return Optional.empty();
    }
  }
}
