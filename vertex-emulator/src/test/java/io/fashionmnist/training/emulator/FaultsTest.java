package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.Scheduling.Strategy;
import com.google.rpc.Code;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.job.Admission;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong when it is asked for. */
class FaultsTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final VirtualClock clock = new VirtualClock();
  private final VertexEmulator emulator = VertexEmulator.start(EmulatorSettings.defaults(), clock);
  private final Rest rest = new Rest(emulator);
  private final CustomJob job = JobRequests.job("one", "n1-standard-4");

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          RATE_LIMIT        | 429 | Quota exceeded for quota metric 'Job or LRO submission requests'
          QUOTA_EXCEEDED    | 429 | exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus
          PERMISSION_DENIED | 403 | Permission 'aiplatform.customJobs.create' denied on resource '//aiplatform.googleapis.com/projects/p/locations/us-central1' (or it may not exist).
          SERVICE_ACCOUNT   | 400 | You do not have permission to act as service_account:
          API_DISABLED      | 403 | Vertex AI API has not been used in project
          BILLING_DISABLED  | 403 | This API method requires billing to be enabled
          UNAVAILABLE       | 503 | unavailable
          ERROR             | 500 | Internal error
          """)
  void refusesOnceAndThenWorks(FaultKind kind, int status, String text) throws Exception {
    emulator.faults().add(FaultRule.times(1, Fault.of(kind)).on("CreateCustomJob"));
    JsonNode refused = rest.create(job, status);
    assertThat(refused.at("/error/message").asText()).contains(text);
    assertThat(emulator.jobs().jobs()).isEmpty();
    rest.create(job, 200);
    assertThat(emulator.calls().count("CreateCustomJob")).isEqualTo(2);
  }

  @Test
  void aDeadlineAfterTheCommitLeavesTheJob() throws Exception {
    emulator
        .faults()
        .add(
            FaultRule.times(1, Fault.of(FaultKind.DEADLINE_EXCEEDED_AFTER_COMMIT))
                .on("CreateCustomJob"));
    assertThat(rest.create(job, 504).at("/error/status").asText()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(rest.get(Rest.JOBS).get("customJobs").size()).isEqualTo(1);
  }

  @Test
  void listsLagBehindButGetDoesNot() throws Exception {
    emulator.faults().add(FaultRule.always(Fault.of(FaultKind.LIST_LAG, Duration.ofSeconds(30))));
    JsonNode created = rest.create(job, 200);
    clock.pass(Duration.ofSeconds(29));
    assertThat(rest.get(Rest.JOBS).has("customJobs")).isFalse();
    rest.get("/v1/" + created.get("name").asText());
    clock.pass(Duration.ofSeconds(1));
    assertThat(rest.get(Rest.JOBS).get("customJobs").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          STOCKOUT         | 8  | Resources are insufficient in region: us-central1. Try a different region or use a different accelerator.
          FAILED_FOR_QUOTA | 8  | Training failed with: code: 8 message: "The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus"
          INTERNAL_ERROR   | 13 | Internal error occurred for the current attempt
          """)
  void jobsAreAcceptedAndFail(FaultKind kind, int code, String message) throws Exception {
    emulator
        .faults()
        .add(FaultRule.always(Fault.of(kind, Duration.ofSeconds(1))).in("us-central1"));
    JsonNode created = rest.create(job, 200);
    clock.pass(Duration.ofMillis(900));
    assertThat(state(created)).isEqualTo("JOB_STATE_QUEUED");
    clock.pass(LONG);
    JsonNode failed = now(created);
    assertThat(failed.get("state").asText()).isEqualTo("JOB_STATE_FAILED");
    assertThat(failed.at("/error/code").asInt()).isEqualTo(code);
    assertThat(failed.at("/error/message").asText()).isEqualTo(message);
    assertThat(emulator.quota().consumers()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(OverQuota.class)
  void overQuotaInThreeWays(OverQuota way) throws Exception {
    emulator.quota().setLimit(new QuotaLimit("us-central1", "custom_model_training_cpus", 4));
    emulator.jobs().admission(new Admission(way, Duration.ofMinutes(2)));
    JsonNode first = rest.create(job, 200);
    JsonNode second = rest.create(job, way == OverQuota.REJECT ? 429 : 200);
    switch (way) {
      case REJECT -> assertThat(emulator.jobs().jobs()).hasSize(1);
      case FAIL -> {
        clock.pass(Duration.ofMinutes(2));
        assertThat(state(second)).isEqualTo("JOB_STATE_FAILED");
        assertThat(now(second).at("/error/code").asInt()).isEqualTo(8);
        assertThat(state(first)).isEqualTo("JOB_STATE_SUCCEEDED");
      }
      case QUEUE -> {
        clock.pass(Duration.ofSeconds(5));
        assertThat(state(second)).isEqualTo("JOB_STATE_QUEUED");
        rest.call("POST", "/v1/" + first.get("name").asText() + ":cancel", "", 200);
        clock.pass(Duration.ofSeconds(2));
        assertThat(state(first)).isEqualTo("JOB_STATE_CANCELLED");
        clock.pass(Duration.ofSeconds(2));
        assertThat(state(second)).isEqualTo("JOB_STATE_RUNNING");
      }
    }
  }

  @Test
  void aSpotMachineIsTakenAway() throws Exception {
    emulator
        .faults()
        .add(FaultRule.times(1, Fault.of(FaultKind.PREEMPTION, Duration.ofSeconds(1))));
    CustomJob.Builder spot = job.toBuilder();
    spot.getJobSpecBuilder().getSchedulingBuilder().setStrategy(Strategy.SPOT);
    JsonNode created = rest.create(spot.build(), 200);
    clock.pass(LONG);
    assertThat(state(created)).isEqualTo("JOB_STATE_FAILED");
    assertThat(now(created).at("/error/message").asText()).contains("preempted");
    emulator
        .faults()
        .add(FaultRule.times(1, Fault.of(FaultKind.PREEMPTION, Duration.ofSeconds(1))));
    spot.getJobSpecBuilder().getSchedulingBuilder().setDisableRetries(false);
    JsonNode again = rest.create(spot.build(), 200);
    clock.pass(Duration.ofSeconds(4));
    assertThat(state(again)).isEqualTo("JOB_STATE_PENDING");
    clock.pass(LONG);
    assertThat(state(again)).isEqualTo("JOB_STATE_SUCCEEDED");
  }

  @Test
  void aCancelledJobMaySucceedAndErrorsMayComeLate() throws Exception {
    emulator.faults().add(FaultRule.times(1, Fault.of(FaultKind.SUCCEEDS_WHILE_CANCELLING)));
    JsonNode lucky = rest.create(job, 200);
    emulator
        .faults()
        .add(FaultRule.times(1, Fault.of(FaultKind.LATE_ERROR, Duration.ofMinutes(1))));
    JsonNode late = rest.create(job, 200);
    for (JsonNode each : new JsonNode[] {lucky, late}) {
      rest.call("POST", "/v1/" + each.get("name").asText() + ":cancel", "", 200);
    }
    clock.pass(Duration.ofSeconds(30));
    assertThat(state(lucky)).isEqualTo("JOB_STATE_SUCCEEDED");
    assertThat(state(late)).isEqualTo("JOB_STATE_CANCELLED");
    assertThat(now(late).has("error")).isFalse();
    clock.pass(Duration.ofMinutes(1));
    assertThat(now(late).at("/error/code").asInt()).isEqualTo(1);
  }

  @Test
  void rulesAskForRegionMetricAndCount() throws Exception {
    Fault told =
        new Fault(FaultKind.ERROR, Duration.ZERO, Optional.of(Code.ABORTED), Optional.of("no"));
    emulator.faults().add(FaultRule.always(told).in("us-west1").on("CreateCustomJob"));
    rest.create(job, 200);
    emulator.faults().add(FaultRule.times(2, told).named("twice").on("GetCustomJob"));
    String path = "/v1/" + rest.get(Rest.JOBS).at("/customJobs/0/name").asText();
    assertThat(rest.call("GET", path, "", 409).at("/error/message").asText()).isEqualTo("no");
    rest.call("GET", path, "", 409);
    rest.get(path);
    assertThat(emulator.faults().rules()).hasSize(1);
  }

  private JsonNode now(JsonNode created) throws Exception {
    return rest.get("/v1/" + created.get("name").asText());
  }

  private String state(JsonNode created) throws Exception {
    return now(created).get("state").asText();
  }
}
