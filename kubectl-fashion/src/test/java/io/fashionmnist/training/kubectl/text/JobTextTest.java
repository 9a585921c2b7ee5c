package io.fashionmnist.training.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobTextTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:03:10Z");
  private static final String JOB =
      """
      apiVersion: training.fashion-mnist.io/v1alpha1
      kind: FashionTrainingJob
      metadata: {name: shirts, namespace: team-a, creationTimestamp: "2026-01-01T00:00:00Z"}
      spec: {}
      status:
        phase: Running
        backend: Cluster
        placement: cluster
        startTime: "2026-01-01T00:00:00Z"
        attemptCount: 3
        activeAttempt: 3
        conditions:
          - {type: Running, status: "True", reason: Training, message: "the trainer runs", lastTransitionTime: "2026-01-01T00:01:00Z"}
          - {type: Failed, status: "True", reason: BackoffLimitExceeded, message: "too many\\n failures", lastTransitionTime: "2026-01-01T00:01:00Z"}
        attempts:
          - {number: 1, placement: n1-standard-4, backend: Vertex, state: OutOfCapacity, reason: QuotaExceeded, startTime: "2026-01-01T00:00:00Z", endTime: "2026-01-01T00:00:09Z", message: "RESOURCE_EXHAUSTED: The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus"}
          - {number: 2, placement: spot, backend: Vertex, state: Skipped, reason: QuotaTooSmall, message: "the limit is 0, and the job needs 4"}
          - {number: 3, placement: cluster, backend: Cluster, state: Running, reason: Training, startTime: "2026-01-01T00:00:10Z", message: "the trainer runs"}
        training:
          attempt: 3
          epoch: 3
          epochs: 10
          progressPercentage: 35
          estimatedRemainingSeconds: 130
          metrics: {last: {epoch: 3, loss: 0.5123, validationAccuracy: 0.8312}}
          perClass: [{label: 0, name: T-shirt/top, precision: 0.8, recall: 0.75, f1Score: 0.774, support: 1000}, {label: 1, name: Trouser, recall: 0.0, support: 1000}]
      """;

  @Test
  void drawsProgressAndAttempts() throws IOException {
    Golden.check("job", JobText.lines(job(JOB), NOW, Golden.PLAIN));
    Golden.check("job-terminal", JobText.lines(job(JOB), NOW, Golden.TERMINAL));
  }

  @Test
  void saysInOneLineWhatHasChanged() throws IOException {
    assertThat(JobText.line(job(JOB), Golden.PLAIN))
        .isEqualTo(
            "Running  on cluster, Cluster  35%  epoch 3/10  loss 0.5123  validation 0.8312  2m10s"
                + " left");
    assertThat(JobText.line(job(JOB.replace("phase: Running", "phase: Failed")), Golden.PLAIN))
        .endsWith("validation 0.8312  too many failures");
  }

  @Test
  void listsJobs() throws IOException {
    Golden.check(
        "jobs",
        JobText.table(
            List.of(
                job(JOB),
                job(
                    "{metadata: {name: new, namespace: b, creationTimestamp: \"2026-01-01T00:03:05Z\"}, spec: {}}")),
            true,
            NOW,
            Golden.PLAIN));
  }

  @Test
  void showsMetricsByClass() throws IOException {
    var status =
        job(JOB.replace(
                "perClass:",
                "test: {images: 2000, loss: 0.45, accuracy: 0.8412, macro: {precision: 0.8, recall: 0.7, f1Score: 0.75}}\n    perClass:"))
            .currentStatus();
    Golden.check("report", ReportText.lines(status.training(), Golden.PLAIN));
    assertThat(ReportText.lines(job(JOB).currentStatus().training(), Golden.PLAIN))
        .containsExactly("Not tested yet: epoch 3 of 10");
  }

  private static FashionTrainingJob job(String yaml) throws IOException {
    return new ObjectMapper()
        .treeToValue(new YAMLMapper().readTree(yaml), FashionTrainingJob.class);
  }
}
