package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.JobState;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.operator.log.LoggedKeys;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of a job beside its passes is found under its keys, too. */
class JobsLogTest {
  private static final JobOwner OWNER = new JobOwner("team", "shoes", "uid-1", 2);
  private static final Map<String, String> KEYS =
      Map.of("namespace", "team", "job", "shoes", "uid", "uid-1", "attempt", "2");

  /** Nobody answers there. */
  private final KubernetesClient client =
      new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder(Config.empty())
                  .withMasterUrl("http://127.0.0.1:1")
                  .withRequestRetryBackoffLimit(0)
                  .build())
          .build();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aReportThatCannotBeWritten() {
    try (LoggedKeys log = LoggedKeys.of(ReportWriter.class)) {
      new ReportWriter(client)
          .write(OWNER, new TrainingReport(2, 1, 2, 50, null, null, null, null, null, null));

      assertThat(log.lines()).containsExactly(KEYS);
    }
    assertThat(MDC.get("job")).as("the thread goes on with others").isNull();
  }

  @Test
  void aJobThatIsCancelledForThereAreTwo() {
    PolledJobs two =
        PolledJobsTest.list(
            PolledJobsTest.job(1, OWNER, JobState.JOB_STATE_RUNNING),
            PolledJobsTest.job(2, OWNER, JobState.JOB_STATE_PENDING));
    try (FakeJobService service = new FakeJobService();
        LoggedKeys log = LoggedKeys.of(Sweep.class);
        VertexApi api =
            new VertexApi(
                Optional.of(service.endpoint()), new OutboundCalls(new SimpleMeterRegistry()))) {
      new Sweep(_ -> Optional.empty(), api, _ -> true).over(new VertexRegion("shop", "us-east1"), two);

      assertThat(service.cancelled).hasSize(1);
      assertThat(log.lines()).containsExactly(KEYS);
    }
    assertThat(MDC.get("job")).isNull();
  }
}
