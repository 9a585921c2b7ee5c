package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.ResourceExhaustedException;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobServiceClient;
import com.google.cloud.aiplatform.v1.JobServiceSettings;
import com.google.cloud.aiplatform.v1.JobState;
import com.google.cloud.aiplatform.v1.ListCustomJobsRequest;
import com.google.cloud.aiplatform.v1.LocationName;
import com.google.protobuf.FieldMask;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.quota.Consumer;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Google's Java client over gRPC. */
class JavaClientTest {
  private static final String PARENT = LocationName.of("my-project", "us-central1").toString();

  private final VirtualClock clock = new VirtualClock();
  private VertexEmulator emulator;
  private JobServiceClient client;

  @BeforeEach
  void start() throws Exception {
    emulator =
        VertexEmulator.start(
            EmulatorSettings.defaults()
                .withQuotas(
                    OverQuota.REJECT,
                    new QuotaLimit("us-central1", "custom_model_training_cpus", 8)),
            clock);
    client =
        JobServiceClient.create(
            JobServiceSettings.newBuilder()
                .setEndpoint("localhost:" + emulator.port())
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(
                    JobServiceSettings.defaultGrpcTransportProviderBuilder()
                        .setChannelConfigurator(channel -> channel.usePlaintext())
                        .build())
                .build());
  }

  @AfterEach
  void stop() {
    client.close();
    emulator.close();
  }

  @Test
  void aJobLivesItsLife() {
    CustomJob created = client.createCustomJob(PARENT, JobRequests.job("one", "n1-standard-4"));
    assertThat(created.getName())
        .matches("projects/\\d{12}/locations/us-central1/customJobs/\\d{19}");
    assertThat(created.getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
    clock.pass(Duration.ofSeconds(1));
    assertThat(state(created)).isEqualTo(JobState.JOB_STATE_PENDING);
    clock.pass(Duration.ofSeconds(1));
    assertThat(state(created)).isEqualTo(JobState.JOB_STATE_RUNNING);
    clock.pass(Duration.ofMinutes(1));
    CustomJob ended = client.getCustomJob(created.getName());
    assertThat(ended.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(ended.hasError()).isFalse();
    // When it happened, not when it was looked at.
    assertThat(ended.getEndTime().getSeconds() - ended.getStartTime().getSeconds()).isEqualTo(5);
  }

  @Test
  void jobsHoldQuotaUntilTheyEnd() {
    CustomJob first = client.createCustomJob(PARENT, JobRequests.job("one", "n1-standard-8"));
    assertThatThrownBy(
            () -> client.createCustomJob(PARENT, JobRequests.job("two", "n1-standard-4")))
        .isInstanceOf(ResourceExhaustedException.class)
        .hasMessageContaining(
            "The following quota metrics exceed quota limits:"
                + " aiplatform.googleapis.com/custom_model_training_cpus");
    client.cancelCustomJob(first.getName());
    assertThat(state(first)).isEqualTo(JobState.JOB_STATE_CANCELLING);
    clock.pass(Duration.ofSeconds(1));
    CustomJob cancelled = client.getCustomJob(first.getName());
    assertThat(cancelled.getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    assertThat(cancelled.getError().getCode()).isEqualTo(1);
    client.createCustomJob(PARENT, JobRequests.job("two", "n1-standard-4"));
    assertThat(emulator.quota().usage(new Consumer(number(first), "us-central1")))
        .isEqualTo(Map.of("custom_model_training_cpus", 4L, "custom_model_training_pd_ssd", 100L));
  }

  @Test
  void listsAreFilteredPagedAndMasked() throws Exception {
    for (int i = 0; i < 5; i++) {
      client.createCustomJob(
          PARENT.replace("us-central1", "us-west1"),
          JobRequests.job("job-" + i, "n1-standard-4").toBuilder()
              .putLabels("even", String.valueOf(i % 2 == 0))
              .build());
      clock.pass(Duration.ofMillis(10));
    }
    var request =
        ListCustomJobsRequest.newBuilder()
            .setParent(PARENT.replace("us-central1", "us-west1"))
            .setFilter("labels.even=true AND state=\"JOB_STATE_QUEUED\"")
            .setPageSize(2)
            .setReadMask(FieldMask.newBuilder().addPaths("name").addPaths("display_name"))
            .build();
    var page = client.listCustomJobs(request);
    assertThat(page.getPage().getPageElementCount()).isEqualTo(2);
    List<CustomJob> all = StreamSupport.stream(page.iterateAll().spliterator(), false).toList();
    assertThat(all)
        .extracting(CustomJob::getDisplayName)
        .containsExactly("job-4", "job-2", "job-0");
    assertThat(all).noneMatch(CustomJob::hasJobSpec);
    assertThat(client.listCustomJobs(PARENT).iterateAll()).isEmpty();
    assertThat(emulator.calls().count("ListCustomJobs", "us-west1")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void deletionIsAnOperation() throws Exception {
    CustomJob job = client.createCustomJob(PARENT, JobRequests.job("one", "n1-standard-4"));
    client.cancelCustomJob(job.getName());
    clock.pass(Duration.ofSeconds(2));
    client.deleteCustomJobAsync(job.getName()).get();
    assertThat(client.listCustomJobs(PARENT).iterateAll()).isEmpty();
    assertThat(emulator.calls().count("DeleteCustomJob")).isEqualTo(1);
  }

  private JobState state(CustomJob job) {
    return client.getCustomJob(job.getName()).getState();
  }

  private static String number(CustomJob job) {
    return job.getName().split("/")[1];
  }
}
