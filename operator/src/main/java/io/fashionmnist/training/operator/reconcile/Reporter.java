package io.fashionmnist.training.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.cache.OwnWrites;
import io.fashionmnist.training.operator.event.EventRecorder;
import io.fashionmnist.training.operator.status.StatusChange;
import io.fashionmnist.training.operator.status.StatusWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** Reports: writes the status that a decision makes, where it differs, and tells it in an Event. */
final class Reporter {
  private static final Logger LOG = Logger.getLogger(Reporter.class);
  private static final Set<Integer> UNFIT = Set.of(400, 413, 422);

  private final KubernetesClient client;
  private final StatusFactory statuses;
  private final StatusWriter writer;
  private final OwnWrites ownWrites;
  private final StatusChange.Listener listener;
  private final EventRecorder events;

  Reporter(
      KubernetesClient client,
      StatusFactory statuses,
      OwnWrites ownWrites,
      StatusChange.Listener listener,
      EventRecorder events) {
    this.client = client;
    this.statuses = statuses;
    this.ownWrites = ownWrites;
    this.listener = listener;
    this.events = events;
    writer = new StatusWriter(client);
  }

  /**
   * A status that is written.
   *
   * @param job the resource as it is now
   * @param news what is still to be told of it
   */
  record Written(FashionTrainingJob job, Optional<Announcement> news) {}

  /** Writes and tells; returns the resource as it is then. */
  FashionTrainingJob report(Observation observation, Decision decision, Instant now) {
    Written written = write(observation, decision, now);
    tell(written);
    return written.job();
  }

  /** Writes without telling: what waits for the write is done first. */
  Written write(Observation observation, Decision decision, Instant now) {
    FashionTrainingJobStatus before = observation.status();
    FashionTrainingJobStatus after = statuses.status(observation, decision, now);
    if (after.equals(before)) {
      return new Written(observation.job(), Optional.empty());
    }
    FashionTrainingJob written = writer.write(observation.job(), after);
    ownWrites.add(written);
    listener.changed(new StatusChange(written, observation.plan(), before, after, now));
    return new Written(written, Announcement.of(decision, before, after));
  }

  void tell(Written written) {
    written.news().ifPresent(news -> tell(written.job(), news));
  }

  void tell(FashionTrainingJob job, Announcement news) {
    events.record(job, news.reason(), news.attempt(), news.message());
  }

  /** The trainer's last word, should none of its posts have come. */
  Observation withFinalReport(Observation observation) {
    Optional<TrainingReport> missed =
        observation
            .active()
            .flatMap(
                attempt ->
                    FinalReport.missed(
                        Optional.ofNullable(observation.status().training()),
                        attempt.number(),
                        observation.attempt().lastReport()));
    if (missed.isEmpty()) {
      return observation;
    }
    if (trained(observation.job(), missed.get()).isPresent()) {
      return observation;
    }
    return inFull(observation);
  }

  /** With what the cache has left out of the resource. */
  Observation inFull(Observation observation) {
    return Optional.ofNullable(client.resource(observation.job()).get())
        .map(observation::with)
        .orElse(observation);
  }

  /**
   * Writes what a trainer has said. Returns why the API server does not take it, should that be so:
   * it is too large, or not as the definition has it, and stays so.
   */
  Optional<String> trained(FashionTrainingJob job, TrainingReport report) {
    try {
      writer.writeTraining(job, report);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      String words = String.valueOf(e.getMessage());
      // The API server's store says the latter with 500.
      if (!UNFIT.contains(e.getCode()) && !words.contains("request is too large")) {
        throw e;
      }
      LOG.warnf("The trainer's report does not fit into the status: %s", words);
      return Optional.of("the trainer's report does not fit into the status: " + words);
    }
  }
}
