package io.fashionmnist.training.operator.progress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.cluster.Labels;
import io.fashionmnist.training.operator.https.BearerToken;
import io.fashionmnist.training.operator.https.RequestRate;
import io.fashionmnist.training.operator.log.JobKeys;
import io.fashionmnist.training.operator.status.StatusWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Decides about a post and writes its report into the job's status. What is asked first costs
 * least; the resource and the pod are read from the API server itself, for a cache may not know yet
 * that an attempt is over.
 */
final class ProgressReceiver {
  private static final Logger LOG = Logger.getLogger(ProgressReceiver.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final int BURST = 3;

  /**
   * Tokens that nobody knows yet, made up or new: each costs a call of the API server. One that was
   * valid before does not count among them, whatever others send.
   */
  private static final Duration REVIEW_INTERVAL = Duration.ofMillis(50);

  private static final int REVIEW_BURST = 200;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int TRIES = 4;

  private final KubernetesClient client;
  private final TokenReviewer tokens;
  private final RequestRate rate;
  private final RequestRate reviewsOfJob;
  private final RequestRate reviews;
  private final StatusWriter writer;
  // A newer trainer may tell more.
  private final ObjectReader reports =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(TrainingReport.class);

  ProgressReceiver(KubernetesClient client, InstantSource clock) {
    this.client = client;
    tokens = new TokenReviewer(client, clock);
    rate = new RequestRate(clock, INTERVAL, BURST);
    reviewsOfJob = new RequestRate(clock, INTERVAL, BURST);
    reviews = new RequestRate(clock, REVIEW_INTERVAL, REVIEW_BURST);
    writer = new StatusWriter(client);
  }

  /**
   * Takes a post, or says why not.
   *
   * @param authorization the header of that name; empty when there is none
   */
  Answer receive(String namespace, String name, String authorization, byte[] body) {
    JobKeys.of(namespace, name);
    Optional<BearerToken> token = BearerToken.of(authorization);
    if (token.isEmpty()) {
      return new Answer(401, "send the pod's token: Authorization: Bearer TOKEN");
    }
    String job = namespace + "/" + name;
    if (!tokens.knows(token.get()) && !(reviewsOfJob.allows(job) && reviews.allows("all"))) {
      return new Answer(429, "too many tokens that are not known yet; try again");
    }
    if (!rate.allows(token.get().digest())) {
      return new Answer(429, "at most one post every %d s".formatted(INTERVAL.toSeconds()));
    }
    TrainingReport report;
    try {
      report = CompactReport.of(reports.readValue(body));
    } catch (JsonProcessingException e) {
      return new Answer(400, "the body is no training report: " + e.getOriginalMessage());
    } catch (IOException | NullPointerException e) {
      return new Answer(400, "the body is no training report");
    }
    try {
      Optional<Reporter> reporter = tokens.reporter(token.get());
      if (reporter.isEmpty()) {
        return new Answer(401, "the token is not a running pod's for this audience");
      }
      return write(namespace, name, reporter.get(), report);
    } catch (KubernetesClientException e) {
      LOG.warnf("A report of %s/%s could not be written: %s", namespace, name, e.getMessage());
      return new Answer(503, "the API server does not take it now; try again");
    }
  }

  private Answer write(String namespace, String name, Reporter reporter, TrainingReport report) {
    for (int tries = 1; ; tries++) {
      FashionTrainingJob job =
          client.resources(FashionTrainingJob.class).inNamespace(namespace).withName(name).get();
      Answer answer = judge(namespace, name, Optional.ofNullable(job), reporter, report);
      if (job != null) {
        JobKeys.of(job);
      }
      if (!answer.taken() || report.equals(job.currentStatus().training())) {
        return answer;
      }
      try {
        writer.writeTraining(job, report);
        return answer;
      } catch (KubernetesClientException e) {
        // Someone wrote in between, or the job is gone: look again, a few times.
        if ((e.getCode() != CONFLICT && e.getCode() != NOT_FOUND) || tries == TRIES) {
          if (e.getCode() >= 400 && e.getCode() < 500 && e.getCode() != CONFLICT) {
            return new Answer(400, "the report is refused: " + e.getMessage());
          }
          throw e;
        }
      }
    }
  }

  private Answer judge(
      String namespace,
      String name,
      Optional<FashionTrainingJob> job,
      Reporter reporter,
      TrainingReport report) {
    if (!reporter.namespace().equals(namespace)) {
      return new Answer(403, "the token is of a pod in another namespace");
    }
    if (job.isEmpty()) {
      return new Answer(404, "there is no FashionTrainingJob %s in %s".formatted(name, namespace));
    }
    Integer active = job.get().currentStatus().activeAttempt();
    Pod pod = client.pods().inNamespace(namespace).withName(reporter.pod()).get();
    if (pod == null || !pod.getMetadata().getUid().equals(reporter.podUid())) {
      return new Answer(403, "the token's pod is gone");
    }
    Map<String, String> labels = pod.getMetadata().getLabels();
    if (labels == null || !job.get().getMetadata().getUid().equals(labels.get(Labels.JOB_UID))) {
      return new Answer(403, "the token's pod does not belong to this job");
    }
    if (active == null || !active.toString().equals(labels.get(Labels.ATTEMPT))) {
      return new Answer(
          409, "attempt %s is not the live one".formatted(labels.get(Labels.ATTEMPT)));
    }
    if (!active.equals(report.attempt())) {
      return new Answer(
          400, "the report is of attempt %s, the pod of %d".formatted(report.attempt(), active));
    }
    return Answer.TAKEN;
  }
}
