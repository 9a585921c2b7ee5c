package io.fashionmnist.training.operator.trace;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.operator.status.StatusChange;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Sends a span for a job, for each of its attempts, and for an attempt's time in the queue, each
 * when it has ended; decisions are their events. The queue of what is to be sent is bounded: what a
 * collector that does not answer can't take is left out.
 */
public final class JobTraces implements StatusChange.Listener, AutoCloseable {
  private static final String JOB = "job";
  private static final String PREFIX = "fashion_training.";

  private final GivenIds ids = new GivenIds();
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /**
   * @param processor where ended spans go
   * @param installation tells the operators of one collector apart
   */
  JobTraces(SpanProcessor processor, String installation) {
    provider =
        SdkTracerProvider.builder()
            .setIdGenerator(ids)
            .addSpanProcessor(processor)
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "fashion-training-operator",
                        AttributeKey.stringKey("service.namespace"),
                        installation)))
            .build();
    tracer = provider.get("io.fashionmnist.training.operator");
  }

  @Override
  public void changed(StatusChange change) {
    FashionTrainingJob job = change.job();
    var attempts = change.after().attempts();
    if (!attempts.isEmpty()) {
      Attempt last = attempts.getLast();
      if (last.state() == AttemptState.RUNNING && wasQueued(change)) {
        SpanContext parent = attempt(job, last);
        Span span =
            start(
                tracer.spanBuilder("queue").setParent(Context.root().with(Span.wrap(parent))),
                SpanIds.of(uid(job), "queue/" + last.number()),
                last.startTime());
        span.setAllAttributes(attributes(job).putAll(attributes(last).build()).build());
        span.end(change.now());
      }
      if (change.endsAttempt()) {
        attempt(change, last);
      }
    }
    if (change.finishes()) {
      job(change);
    }
  }

  @Override
  public void close() {
    // Sends what is left, for as long as the pod's last moments allow.
    provider.close();
  }

  private void attempt(StatusChange change, Attempt attempt) {
    FashionTrainingJob job = change.job();
    SpanContext parent = SpanIds.of(uid(job), JOB);
    Span span =
        start(
            tracer.spanBuilder("attempt").setParent(Context.root().with(Span.wrap(parent))),
            attempt(job, attempt),
            attempt.startTime());
    span.setAllAttributes(attributes(job).putAll(attributes(attempt).build()).build());
    // What the status still says of the way here.
    change.before().conditions().stream()
        .filter(
            each ->
                each.type().equals(Condition.RUNNING) || each.type().equals(Condition.RESTARTING))
        .filter(each -> each.status().equals("True") || each.reason().equals(stopping(change)))
        .filter(each -> each.lastTransitionTime().compareTo(attempt.startTime()) >= 0)
        .forEach(each -> event(span, each));
    span.addEvent(attempt.reason(), message(attempt.message()), change.now());
    if (attempt.state() == AttemptState.FAILED) {
      span.setStatus(StatusCode.ERROR, text(attempt.message()));
    }
    span.end(change.now());
  }

  private void job(StatusChange change) {
    FashionTrainingJob job = change.job();
    Span span =
        start(
            tracer.spanBuilder("FashionTrainingJob").setNoParent(),
            SpanIds.of(uid(job), JOB),
            job.getMetadata().getCreationTimestamp());
    span.setAllAttributes(
        attributes(job)
            .put(PREFIX + "phase", change.after().phase().text())
            .put(PREFIX + "attempts", change.after().attemptCount())
            .build());
    for (Attempt attempt : change.after().attempts()) {
      span.addEvent(
          attempt.state() == AttemptState.SKIPPED ? "passed over" : "attempt started",
          Attributes.builder()
              .putAll(attributes(attempt).build())
              .putAll(message(attempt.message()))
              .build(),
          Instant.parse(attempt.startTime()));
    }
    if (change.after().phase() == Phase.FAILED) {
      span.setStatus(
          StatusCode.ERROR,
          change.after().conditions().stream()
              .filter(each -> each.type().equals("Failed"))
              .map(each -> text(each.message()))
              .findFirst()
              .orElse(""));
    }
    span.end(change.now());
  }

  private Span start(SpanBuilder span, SpanContext name, String time) {
    return ids.start(span.setStartTimestamp(Instant.parse(time)), name);
  }

  private static boolean wasQueued(StatusChange change) {
    var before = change.before().attempts();
    return !before.isEmpty() && before.getLast().state() == AttemptState.QUEUED;
  }

  /** Why the attempt was being ended, if it was. */
  private static String stopping(StatusChange change) {
    Attempt before = change.before().attempts().getLast();
    return before.state() == AttemptState.STOPPING ? before.reason() : "";
  }

  private static void event(Span span, Condition condition) {
    span.addEvent(
        condition.reason(),
        message(condition.message()),
        Instant.parse(condition.lastTransitionTime()));
  }

  private static Attributes message(String message) {
    return Attributes.of(AttributeKey.stringKey("message"), text(message));
  }

  private static AttributesBuilder attributes(FashionTrainingJob job) {
    return Attributes.builder()
        .put("k8s.namespace.name", job.getMetadata().getNamespace())
        .put(PREFIX + "job", job.getMetadata().getName())
        .put(PREFIX + "job_uid", uid(job));
  }

  private static AttributesBuilder attributes(Attempt attempt) {
    AttributesBuilder all =
        Attributes.builder()
            .put(PREFIX + "attempt", attempt.number())
            .put(PREFIX + "placement", text(attempt.placement()))
            .put(PREFIX + "backend", attempt.backend().text())
            .put(PREFIX + "state", attempt.state().name().toLowerCase(Locale.ROOT))
            .put(PREFIX + "reason", text(attempt.reason()));
    Optional.ofNullable(attempt.location()).ifPresent(it -> all.put(PREFIX + "location", it));
    Optional.ofNullable(attempt.externalName())
        .ifPresent(it -> all.put(PREFIX + "external_name", it));
    return all.put(AttributeKey.stringArrayKey(PREFIX + "quota_metrics"), attempt.quotaMetrics());
  }

  private static SpanContext attempt(FashionTrainingJob job, Attempt attempt) {
    return SpanIds.of(uid(job), "attempt/" + attempt.number());
  }

  private static String uid(FashionTrainingJob job) {
    return job.getMetadata().getUid();
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
