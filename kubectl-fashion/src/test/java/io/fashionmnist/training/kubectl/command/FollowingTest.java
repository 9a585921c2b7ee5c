package io.fashionmnist.training.kubectl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowingTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private Instant now = BEGIN;

  @Test
  void waitsForLinesThatComeLate() throws InterruptedException {
    // After how many seconds a line can be read; the writer is over after twenty.
    Map<Integer, String> lines = Map.of(4, "first", 22, "late", 34, "latest", 60, "too late");
    List<String> read = new ArrayList<>();

    new Following(
            () -> {
              String line = lines.get((int) Duration.between(BEGIN, now).toSeconds());
              return line == null ? List.of() : List.of(line);
            },
            () -> now.isBefore(BEGIN.plusSeconds(20)),
            () -> now,
            time -> now = now.plus(time))
        .copy(read::add);

    assertThat(read).containsExactly("first", "late", "latest");
    assertThat(now).isEqualTo(BEGIN.plusSeconds(50));
  }
}
