package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.storage.StorageException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BucketRegionsTest {
  private final AtomicInteger lookups = new AtomicInteger();
  private final BucketRegions regions =
      new BucketRegions(Map.of("told", "us-west1"), this::look, () -> Instant.EPOCH);

  @Test
  void aBucketInTheJobsRegionIsNoComplaint() {
    assertThat(regions.complaint("gs://central/runs", "us-central1")).isEmpty();
    assertThat(regions.complaint("gs://told/runs", "us-west1")).isEmpty();
  }

  @Test
  void oneElsewhereSaysWhatToChange() {
    assertThat(regions.complaint("gs://central/runs", "us-east1"))
        .hasValue(
            "bucket central is in us-central1 and the job would be in us-east1: set outputUri of"
                + " this placement to a bucket in us-east1");
    assertThat(regions.complaint("gs://multi/runs", "us-east1")).isPresent();
  }

  @Test
  void oneThatCannotBeLookedUpIsInNobodysWay() {
    assertThat(regions.complaint("gs://forbidden/runs", "us-east1")).isEmpty();
  }

  @Test
  void itIsLookedUpOnce() {
    regions.complaint("gs://central/runs", "us-east1");
    regions.complaint("gs://central/other", "us-central1");

    assertThat(lookups).hasValue(1);
  }

  private Optional<String> look(String bucket) {
    lookups.incrementAndGet();
    return switch (bucket) {
      case "central" -> Optional.of("US-CENTRAL1");
      case "multi" -> Optional.of("US");
      default -> throw new StorageException(403, "no storage.buckets.get");
    };
  }
}
