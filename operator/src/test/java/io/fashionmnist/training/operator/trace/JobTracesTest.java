package io.fashionmnist.training.operator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.status.StatusChange;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobTracesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final FashionTrainingJob JOB =
      Serialization.unmarshal(
          """
          apiVersion: training.fashion-mnist.io/v1alpha1
          kind: FashionTrainingJob
          metadata:
            name: job
            namespace: team
            uid: 0af76519-16cd-43dd-8448-eb211c80319c
            creationTimestamp: "2026-01-01T00:00:00Z"
          spec: {}
          """,
          FashionTrainingJob.class);
  private static final String FIRST =
      "{number: 1, placement: central, backend: Vertex, state: OutOfCapacity, reason: QuotaExceeded, message: no quota, quotaMetrics: [cpus], startTime: '2026-01-01T00:00:01Z'}";

  private final List<SpanData> sent = new ArrayList<>();
  private final JobTraces traces = traces();

  @Test
  void aJobsWayIsOneTrace() {
    live(traces, traces);

    assertThat(sent)
        .extracting(SpanData::getName)
        .containsExactly("attempt", "queue", "attempt", "FashionTrainingJob");
    assertThat(sent)
        .extracting(SpanData::getTraceId)
        .containsOnly("0af7651916cd43dd8448eb211c80319c");
    SpanData job = sent.get(3);
    assertThat(job.getParentSpanId()).isEqualTo(SpanId.getInvalid());
    assertThat(sent.get(0).getParentSpanId()).isEqualTo(job.getSpanId());
    assertThat(sent.get(2).getParentSpanId()).isEqualTo(job.getSpanId());
    assertThat(sent.get(1).getParentSpanId()).isEqualTo(sent.get(2).getSpanId());
    assertThat(sent).extracting(SpanData::getSpanId).doesNotHaveDuplicates();
    assertThat(job.getEvents())
        .extracting(EventData::getName)
        .containsExactly("attempt started", "passed over", "attempt started");
    assertThat(sent.get(0).getEvents()).extracting(EventData::getName).contains("QuotaExceeded");
    assertThat(sent.get(2).getEvents())
        .extracting(EventData::getName)
        .containsExactly("Training", "Trained");
    assertThat(seconds(sent.get(1))).isEqualTo(10);
    assertThat(seconds(sent.get(2))).isEqualTo(30);
    assertThat(job.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void aRestartChangesNoId() {
    live(traces, traces);
    List<SpanData> undisturbed = List.copyOf(sent);
    sent.clear();

    live(traces(), traces());

    assertThat(sent)
        .extracting(SpanData::getSpanContext)
        .isEqualTo(undisturbed.stream().map(SpanData::getSpanContext).toList());
  }

  @Test
  void aFailureIsAnError() {
    traces.changed(
        change(
            status("Running", "activeAttempt: 1", attempt(1, "Running", "Training", 1)),
            status("Failed", "completionTime: x", attempt(1, "Failed", "BadInput", 1)),
            5));

    assertThat(sent)
        .hasSize(2)
        .allMatch(span -> span.getStatus().getStatusCode() == StatusCode.ERROR);
  }

  /** Two processes share the life. */
  private static void live(JobTraces first, JobTraces second) {
    String skipped =
        "{number: 2, placement: west, backend: Vertex, state: Skipped, reason: QuotaExhausted, message: full, startTime: '2026-01-01T00:00:03Z'}";
    var one =
        status(
            "Queued",
            "activeAttempt: 1",
            FIRST.replace("OutOfCapacity", "Queued").replace("QuotaExceeded", "Starting"));
    var over = status("Restarting", "failureCount: 0", FIRST);
    String before = FIRST + "," + skipped;
    var two = status("Queued", "activeAttempt: 3", before, attempt(3, "Queued", "Starting", 5));
    var running =
        status("Running", "activeAttempt: 3", before, attempt(3, "Running", "Training", 5));
    var done =
        status("Succeeded", "completionTime: x", before, attempt(3, "Succeeded", "Trained", 5));
    first.changed(change(FashionTrainingJobStatus.none(), one, 1));
    first.changed(change(one, over, 2));
    first.changed(change(over, two, 5));
    second.changed(change(two, running, 15));
    second.changed(change(running, done, 35));
  }

  private static long seconds(SpanData span) {
    return TimeUnit.NANOSECONDS.toSeconds(span.getEndEpochNanos() - span.getStartEpochNanos());
  }

  private static StatusChange change(
      FashionTrainingJobStatus before, FashionTrainingJobStatus after, int second) {
    return new StatusChange(
        JOB,
        PlacementPlan.of(JOB, OperatorSettings.defaults()),
        before,
        after,
        START.plusSeconds(second));
  }

  private static String attempt(int number, String state, String reason, int second) {
    return "{number: %d, placement: here, backend: Cluster, state: %s, reason: %s, startTime: '%s'}"
        .formatted(number, state, reason, START.plusSeconds(second));
  }

  private static FashionTrainingJobStatus status(String phase, String more, String... attempts) {
    String running =
        phase.equals("Running")
            ? "{type: Running, status: 'True', reason: Training, message: m, lastTransitionTime: '2026-01-01T00:00:15Z'}"
            : "{type: Running, status: 'False', reason: Other, message: m, lastTransitionTime: '2026-01-01T00:00:01Z'}";
    return Serialization.unmarshal(
        "phase: %s\n%s\nattemptCount: %d\nconditions: [%s]\nattempts: [%s]\n"
            .formatted(phase, more, attempts.length, running, String.join(",", attempts)),
        FashionTrainingJobStatus.class);
  }

  private JobTraces traces() {
    return new JobTraces(
        SimpleSpanProcessor.create(
            new SpanExporter() {
              @Override
              public CompletableResultCode export(Collection<SpanData> spans) {
                sent.addAll(spans);
                return CompletableResultCode.ofSuccess();
              }

              @Override
              public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
              }

              @Override
              public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess();
              }
            }),
        "test");
  }
}
