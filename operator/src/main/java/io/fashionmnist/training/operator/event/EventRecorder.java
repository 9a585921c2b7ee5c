package io.fashionmnist.training.operator.event;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/**
 * Records Events about jobs, one after the other, beside what they tell of: a job waits for none,
 * and many at once do not crowd out what is done for other jobs. The same thing about the same job
 * has the same name, and so is told once, whoever tells it and however often; an Event that can't
 * be recorded is only logged.
 */
public final class EventRecorder {
  private static final Logger LOG = Logger.getLogger(EventRecorder.class);
  private static final int CONFLICT = 409;
  private static final int LONGEST_MESSAGE = 1_000;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final String identity;
  private final Executor executor;

  /**
   * @param identity this replica's name
   * @param executor records what is told; it may refuse
   */
  public EventRecorder(
      KubernetesClient client, InstantSource clock, String identity, Executor executor) {
    this.client = client;
    this.clock = clock;
    this.identity = identity;
    this.executor = executor;
  }

  /**
   * Records an Event, soon.
   *
   * @param attempt number of the attempt that it is about; 0 for the job as a whole
   */
  public void record(FashionTrainingJob job, Reason reason, int attempt, String message) {
    var metadata = job.getMetadata();
    String text =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String name =
        "%s.%08x%08x"
            .formatted(
                metadata.getName(),
                Objects.hash(metadata.getUid(), attempt),
                Objects.hash(reason.text(), text));
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(metadata.getNamespace())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(job.getApiVersion())
            .withKind(job.getKind())
            .withName(metadata.getName())
            .withNamespace(metadata.getNamespace())
            .withUid(metadata.getUid())
            .endInvolvedObject()
            .withType(reason.type())
            .withReason(reason.text())
            .withMessage(text)
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource("fashion-training-operator", identity)
            .build();
    try {
      executor.execute(() -> create(event));
    } catch (RejectedExecutionException e) {
      notRecorded(event, "too many wait to be recorded, or the operator ends");
    }
  }

  private void create(Event event) {
    try {
      client.resource(event).create();
    } catch (RuntimeException e) {
      // Whatever it is: what the Event tells has happened, and more is to be done.
      if (!(e instanceof KubernetesClientException refusal) || refusal.getCode() != CONFLICT) {
        notRecorded(event, e.getMessage());
      }
    }
  }

  private static void notRecorded(Event event, String why) {
    LOG.warnf(
        "Event %s of %s could not be recorded: %s",
        event.getReason(), event.getMetadata().getName(), why);
  }
}
