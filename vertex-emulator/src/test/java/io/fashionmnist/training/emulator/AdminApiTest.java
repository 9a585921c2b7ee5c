package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.aiplatform.v1.CustomJob;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.config.SettingsReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The administration over HTTP. */
class AdminApiTest {
  private final VirtualClock clock = new VirtualClock();
  private final VertexEmulator emulator = VertexEmulator.start(EmulatorSettings.defaults(), clock);
  private final Rest rest = new Rest(emulator);
  private final CustomJob job = JobRequests.job("one", "n1-standard-4");

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void quotaCanBeSetWhileItRuns() throws Exception {
    rest.create(job, 200);
    rest.call(
        "PUT", "/admin/quotas", "{\"us-central1\": {\"custom_model_training_cpus\": 4}}", 200);
    rest.create(job, 429);
    JsonNode quotas = rest.get("/admin/quotas");
    assertThat(quotas.at("/limits/us-central1/custom_model_training_cpus").asInt()).isEqualTo(4);
    assertThat(quotas.at("/usage/0/metrics/custom_model_training_cpus").asInt()).isEqualTo(4);
    rest.call("PUT", "/admin/over-quota/queue", "", 200);
    rest.create(job, 200);
    rest.call("DELETE", "/admin/quotas/us-central1/custom_model_training_cpus", "", 200);
    rest.text("PUT", "/admin/over-quota/sometimes", "", 400);
    rest.text("PUT", "/admin/quotas", "{\"us-central1\": 4}", 400);
  }

  @Test
  void faultsComeAndGo() throws Exception {
    JsonNode added =
        rest.call("POST", "/admin/faults", "{\"fault\": \"unavailable\", \"count\": 5}", 200);
    assertThat(added.get("name").asText()).isEqualTo("unavailable");
    rest.create(job, 503);
    assertThat(rest.get("/admin/faults").at("/0/count").asInt()).isEqualTo(4);
    rest.call("DELETE", "/admin/faults/unavailable", "", 200);
    rest.create(job, 200);
    String wrong = rest.text("POST", "/admin/faults", "{\"fault\": \"fire\", \"count\": 0}", 400);
    assertThat(wrong).contains("must be one of").contains("count is 0");
    assertThat(rest.text("DELETE", "/admin/faults/fire", "", 404)).contains("no fault");
  }

  @Test
  void jobsAreSeenAndForced() throws Exception {
    String id = id(rest.create(job, 200));
    assertThat(rest.text("GET", "/admin/jobs/" + id + "/log", "", 200)).contains("scripted");
    rest.call("POST", "/admin/jobs/" + id + "/state/failed?code=8&message=STOCKOUT", "", 200);
    JsonNode seen = rest.get("/admin/jobs").get(0);
    assertThat(seen.get("state").asText()).isEqualTo("JOB_STATE_FAILED");
    assertThat(seen.at("/error/message").asText()).isEqualTo("STOCKOUT");
    String other = id(rest.create(job, 200));
    rest.call("POST", "/admin/jobs/" + other + "/state/preempted", "", 200);
    assertThat(rest.get("/admin/jobs").get(1).get("state").asText()).isEqualTo("JOB_STATE_FAILED");
    rest.text("POST", "/admin/jobs/1/state/failed", "", 404);
    rest.text("POST", "/admin/jobs/" + id + "/state/lost", "", 400);
  }

  @Test
  void callsAreCountedByRegionAndOutcome() throws Exception {
    rest.create(job, 200);
    rest.call("POST", Rest.JOBS, "{}", 400);
    JsonNode calls = rest.get("/admin/calls");
    assertThat(calls.toString())
        .isEqualTo(
            "[{\"method\":\"CreateCustomJob\",\"region\":\"us-central1\",\"code\":\"INVALID_ARGUMENT\",\"count\":1},"
                + "{\"method\":\"CreateCustomJob\",\"region\":\"us-central1\",\"code\":\"OK\",\"count\":1}]");
    assertThat(rest.call("DELETE", "/admin/calls", "", 200)).isEmpty();
  }

  @Test
  void bucketsAreTold() throws Exception {
    rest.call("PUT", "/admin/buckets/bucket/us", "", 200);
    assertThat(rest.create(job, 400).at("/error/status").asText()).isEqualTo("FAILED_PRECONDITION");
    rest.call("PUT", "/admin/buckets/bucket/US-CENTRAL1", "", 200);
    rest.create(job, 200);
  }

  @Test
  void aStandingTimeIsSet() throws Exception {
    EmulatorSettings settings =
        SettingsReader.read("{port: 0, clock: '2026-01-01T00:00:00Z', seed: 1}");
    try (VertexEmulator standing = VertexEmulator.start(settings)) {
      Rest slow = new Rest(standing);
      slow.create(job, 200);
      assertThat(slow.get("/admin/clock").asText()).isEqualTo("2026-01-01T00:00:00Z");
      assertThat(slow.get("/admin/jobs").at("/0/state").asText()).isEqualTo("JOB_STATE_QUEUED");

      slow.call("PUT", "/admin/clock/2026-01-01T00:00:07Z", "", 200);

      assertThat(slow.get("/admin/jobs").at("/0/state").asText()).isEqualTo("JOB_STATE_SUCCEEDED");
      assertThat(slow.text("PUT", "/admin/clock/noon", "", 400)).contains("2026-01-01T00:00:00Z");
    }
    assertThat(rest.text("PUT", "/admin/clock/2026-01-01T00:00:00Z", "", 409))
        .contains("the machine's");
  }

  private static String id(JsonNode created) {
    String name = created.get("name").asText();
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
