package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.failure.Failure;
import io.fashionmnist.training.kubectl.text.JobText;
import io.fashionmnist.training.kubectl.text.Picture;
import io.fashionmnist.training.kubectl.text.Screen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a job until its end: a picture that is drawn anew on a terminal, a line for every change
 * otherwise.
 */
final class Watching {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** So long a cluster may be gone in between. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final Surroundings surroundings;
  private final Screen screen;
  private final boolean json;
  private final Picture picture;
  private String told = "";

  /**
   * @param json only the job as it is at its end
   */
  Watching(Cluster cluster, Surroundings surroundings, boolean json) {
    this.cluster = cluster;
    this.surroundings = surroundings;
    this.json = json;
    screen = surroundings.screen();
    picture = new Picture(screen);
  }

  /** 0 when it has succeeded, 1 when it has failed. */
  int untilTheEnd(String name) {
    FashionTrainingJob job = cluster.job(name);
    String uid = job.getMetadata().getUid();
    while (true) {
      Phase phase = job.currentStatus().phase();
      boolean over = phase != null && phase.finished();
      show(job, over);
      if (over) {
        return phase == Phase.SUCCEEDED ? ExitCode.DONE : ExitCode.NO;
      }
      sleep();
      job =
          next(name)
              .filter(each -> each.getMetadata().getUid().equals(uid))
              .orElseThrow(() -> Failure.unavailable("%s was deleted", name));
    }
  }

  private Optional<FashionTrainingJob> next(String name) {
    Instant deadline = surroundings.clock().instant().plus(PATIENCE);
    while (true) {
      try {
        return cluster.find(name);
      } catch (Failure e) {
        if (surroundings.clock().instant().isAfter(deadline)) {
          throw e;
        }
        sleep();
      }
    }
  }

  private void show(FashionTrainingJob job, boolean over) {
    if (json) {
      if (over) {
        screen.line(OutputOption.json(job));
      }
      return;
    }
    List<String> lines = JobText.lines(job, surroundings.clock().instant(), screen);
    if (screen.terminal() && over) {
      picture.end(lines);
    } else if (screen.terminal()) {
      picture.draw(lines);
    } else if (over) {
      lines.forEach(screen::line);
    } else {
      String line = JobText.line(job, screen);
      if (!line.equals(told)) {
        screen.line(line);
        told = line;
      }
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("interrupted");
    }
  }
}
