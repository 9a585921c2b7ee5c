package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.storage.StorageException;
import io.fashionmnist.training.api.training.TrainingReport;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Reads the reports of trainers on Vertex AI, which can't post them, from their output in Cloud
 * Storage: when the region is listed, and only what has changed.
 */
final class ReportFollower {
  private static final Logger LOG = Logger.getLogger(ReportFollower.class);

  private record Followed(String outputUri, long generation) {}

  /** Takes a report that a trainer has written since. */
  interface Reader {
    /** Takes a report of an attempt. */
    void read(JobOwner owner, TrainingReport report);
  }

  private final CloudStorage storage;
  private final Reader reader;
  private final ConcurrentHashMap<JobOwner, Followed> followed = new ConcurrentHashMap<>();

  ReportFollower(CloudStorage storage, Reader reader) {
    this.storage = storage;
    this.reader = reader;
  }

  /** Reads an attempt's reports from now on. */
  void follow(JobOwner owner, String outputUri) {
    followed.putIfAbsent(owner, new Followed(outputUri, 0));
  }

  /** The attempt is over. */
  void forget(JobOwner owner) {
    followed.remove(owner);
  }

  /** Hands over what an attempt's trainer has written since the last look. */
  void look(JobOwner owner) {
    Followed before = followed.get(owner);
    if (before == null) {
      return;
    }
    try {
      storage
          .report(before.outputUri(), before.generation())
          .ifPresent(
              seen -> {
                seen.report().ifPresent(report -> reader.read(owner, report));
                followed.replace(
                    owner, before, new Followed(before.outputUri(), seen.generation()));
              });
    } catch (StorageException e) {
      LOG.debugf("No report below %s: %s", before.outputUri(), e.getMessage());
    }
  }

  /**
   * The last report below an output, if there is one.
   *
   * @throws StorageException if that can't be told
   */
  Optional<TrainingReport> last(String outputUri) {
    return storage.report(outputUri, 0).flatMap(CloudStorage.Seen::report);
  }
}
