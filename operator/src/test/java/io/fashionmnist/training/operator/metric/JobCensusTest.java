package io.fashionmnist.training.operator.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.metric.GaugeSource.Sample;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobCensusTest {
  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

  private final JobCensus census = new JobCensus(InstantSource.fixed(NOW));

  @Test
  void withoutACacheThereIsNothingAndStillAValue() {
    assertThat(values("fashion_training_jobs")).hasSize(21).allMatch(each -> each.value() == 0);
    assertThat(value("fashion_training_longest_wait_seconds", "Pending")).isZero();
  }

  @Test
  void countsByPhaseAndBackend() {
    census.countIn(
        () ->
            Stream.of(
                job("09:00:00", "{}", ""),
                job("09:00:00", "{}", "phase: Running, backend: Vertex"),
                job("09:00:00", "{}", "phase: Running, backend: Vertex"),
                job("09:00:00", "{}", "phase: Failed, backend: Cluster"),
                job("09:00:00", "{runPolicy: {managedBy: someone.else/too}}", "")));

    assertThat(value("fashion_training_jobs", "Pending", "none")).isEqualTo(1);
    assertThat(value("fashion_training_jobs", "Running", "vertex")).isEqualTo(2);
    assertThat(value("fashion_training_jobs", "Failed", "cluster")).isEqualTo(1);
    assertThat(values("fashion_training_jobs").stream().mapToDouble(Sample::value).sum())
        .isEqualTo(4);
  }

  @Test
  void waitingCountsFromTheLastTimeThatItRanOrWasSuspended() {
    census.countIn(
        () ->
            Stream.of(
                job(
                    "08:00:00",
                    "{}",
                    "phase: Queued, conditions: [%s, %s]"
                        .formatted(
                            since("Running", "False", "08:01:00"),
                            since("Suspended", "False", "09:50:00"))),
                job("09:40:00", "{}", "")));

    assertThat(value("fashion_training_longest_wait_seconds", "Queued")).isEqualTo(600);
    assertThat(value("fashion_training_longest_wait_seconds", "Pending")).isEqualTo(1_200);
  }

  @Test
  void aRoundWithoutRoomIsTold() {
    census.countIn(
        () ->
            Stream.of(
                job("09:00:00", "{}", "phase: Pending, nextRetryTime: '2026-01-01T10:05:00Z'"),
                job("09:00:00", "{}", "phase: Pending")));

    assertThat(value("fashion_training_jobs_without_capacity")).isEqualTo(1);
  }

  @Test
  void silenceCountsFromTheLastReportOfThisAttempt() {
    String running = since("Running", "True", "09:30:00");
    String told =
        "phase: Running, backend: Cluster, activeAttempt: 2, conditions: [%s], training: {attempt: %d, lastUpdatedTime: '2026-01-01T09:59:00Z'}";
    census.countIn(() -> Stream.of(job("09:00:00", "{}", told.formatted(running, 2))));
    assertThat(value("fashion_training_longest_silence_seconds", "cluster")).isEqualTo(60);

    census.countIn(() -> Stream.of(job("09:00:00", "{}", told.formatted(running, 1))));
    assertThat(value("fashion_training_longest_silence_seconds", "cluster")).isEqualTo(1_800);
  }

  @Test
  void aTimeThatIsNoneIsNoReport() {
    census.countIn(
        () ->
            Stream.of(
                job(
                    "09:00:00",
                    "{}",
                    "phase: Running, backend: Cluster, activeAttempt: 1, conditions: [%s], training: {attempt: 1, lastUpdatedTime: '2026-01-01T09:59:00'}"
                        .formatted(since("Running", "True", "09:30:00")))));

    assertThat(value("fashion_training_longest_silence_seconds", "cluster")).isEqualTo(1_800);
    assertThat(value("fashion_training_jobs", "Running", "cluster")).isEqualTo(1);
  }

  @Test
  void someoneElsesTrainerNeedNotReport() {
    census.countIn(
        () ->
            Stream.of(
                job(
                    "09:00:00",
                    "{trainer: {image: other:1}}",
                    "phase: Running, backend: Cluster, activeAttempt: 1, conditions: [%s]"
                        .formatted(since("Running", "True", "09:30:00")))));

    assertThat(value("fashion_training_longest_silence_seconds", "cluster")).isZero();
  }

  private static String since(String type, String status, String time) {
    return "{type: %s, status: '%s', reason: r, lastTransitionTime: '2026-01-01T%sZ'}"
        .formatted(type, status, time);
  }

  private static FashionTrainingJob job(String created, String spec, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: job, namespace: team, creationTimestamp: "2026-01-01T%sZ"}
        spec: %s
        status: {%s}
        """
            .formatted(created, spec, status),
        FashionTrainingJob.class);
  }

  private List<Sample> values(String name) {
    return census.gauges().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow()
        .samples();
  }

  private double value(String name, String... labels) {
    return values(name).stream()
        .filter(each -> each.labels().equals(List.of(labels)))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
