package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.config.SettingsReader;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** REST and Google's error bodies. */
class RestTest {
  private static final String JOBS = Rest.JOBS;

  private final VirtualClock clock = new VirtualClock();
  private final VertexEmulator emulator =
      VertexEmulator.start(
          EmulatorSettings.defaults()
              .withQuotas(
                  OverQuota.REJECT,
                  new QuotaLimit("*", "custom_model_training_cpus", 4),
                  new QuotaLimit("us-central1", "custom_model_training_pd_ssd", 100))
              .withBuckets(Map.of("bucket", "us-central1", "far", "us")),
          clock);
  private final Rest rest = new Rest(emulator);
  private final ObjectMapper json = new ObjectMapper();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void createsListsAndDeletes() throws Exception {
    JsonNode created = create("n1-standard-4", "gs://bucket/x", 200);
    String path = "/v1/" + created.get("name").asText();
    assertThat(created.get("state").asText()).isEqualTo("JOB_STATE_QUEUED");
    assertThat(created.at("/jobSpec/workerPoolSpecs/0/replicaCount").asText()).isEqualTo("1");
    JsonNode list =
        call(
            "GET",
            JOBS + "?readMask=name,state&pageSize=1&filter=state%3D%22JOB_STATE_QUEUED%22",
            "",
            200);
    assertThat(list.at("/customJobs/0/name")).isEqualTo(created.get("name"));
    assertThat(list.at("/customJobs/0/displayName").isMissingNode()).isTrue();
    assertThat(call("POST", path + ":cancel", "{}", 200)).isEqualTo(json.createObjectNode());
    assertThat(call("GET", path, "", 200).get("state").asText()).isEqualTo("JOB_STATE_CANCELLING");
    clock.pass(Duration.ofSeconds(5));
    JsonNode operation = call("DELETE", path, "", 200);
    assertThat(operation.get("done").asBoolean()).isTrue();
    assertThat(call("GET", "/v1/" + operation.get("name").asText(), "", 200)).isEqualTo(operation);
    JsonNode gone = call("GET", path, "", 404);
    assertThat(gone.at("/error/code").asInt()).isEqualTo(404);
    assertThat(gone.at("/error/status").asText()).isEqualTo("NOT_FOUND");
  }

  @Test
  void quotaIsRefusedWith429() throws Exception {
    create("n1-standard-4", "gs://bucket/x", 200);
    JsonNode refused = create("n1-standard-4", "gs://bucket/x", 429);
    assertThat(refused)
        .isEqualTo(
            json.readTree(
                """
                {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message":
                "The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus,aiplatform.googleapis.com/custom_model_training_pd_ssd"}}
                """));
  }

  @Test
  void mistakesAreToldTogether() throws Exception {
    JsonNode refused =
        call(
            "POST",
            JOBS,
            "{\"jobSpec\": {\"workerPoolSpecs\": [{\"machineSpec\": {\"machineType\": \"n1-standard-3\"}}]}}",
            400);
    assertThat(refused.at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
    assertThat(refused.at("/error/message").asText())
        .startsWith(
            "List of found errors:\t1.Field: custom_job.display_name; Message: Required field is not set.")
        .contains("Machine type \"n1-standard-3\" is not supported.");
    assertThat(refused.at("/error/details/0/@type").asText())
        .isEqualTo("type.googleapis.com/google.rpc.BadRequest");
    assertThat(refused.at("/error/details/0/fieldViolations").size()).isEqualTo(3);
  }

  @Test
  void theBucketMustBeInTheRegion() throws Exception {
    JsonNode refused = create("n1-standard-4", "gs://far/x", 400);
    assertThat(refused.at("/error/status").asText()).isEqualTo("FAILED_PRECONDITION");
    assertThat(refused.at("/error/message").asText())
        .startsWith(
            "The Cloud Storage bucket of `gs://far/x` is in location `us`. It must be in the same"
                + " regional location as the service");
  }

  @Test
  void anotherRegionIsRefusedWhereTheEndpointHasOne() throws Exception {
    EmulatorSettings settings = SettingsReader.read("endpointRegion: us-west1");
    try (VertexEmulator other = VertexEmulator.start(settings)) {
      JsonNode refused = new Rest(other).create(JobRequests.job("one", "n1-standard-4"), 400);
      assertThat(refused.at("/error/message").asText())
          .isEqualTo(
              "The provided location ID doesn't match the endpoint. The valid location ID is"
                  + " `us-west1`.");
    }
  }

  @Test
  void theStorageEmulatorKnowsBuckets() throws Exception {
    HttpServer storage = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    storage.createContext(
        "/storage/v1/b/bucket",
        exchange -> {
          byte[] body = "{\"location\": \"EUROPE-WEST1\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    storage.start();
    EmulatorSettings settings =
        SettingsReader.read("storageEmulator: http://localhost:" + storage.getAddress().getPort());
    try (VertexEmulator other = VertexEmulator.start(settings)) {
      JsonNode refused = new Rest(other).create(JobRequests.job("one", "n1-standard-4"), 400);
      assertThat(refused.at("/error/message").asText()).contains("is in location `europe-west1`");
    } finally {
      storage.stop(0);
    }
  }

  @Test
  void theStatusPageShowsJobsAndEscapesThem() throws Exception {
    rest.create(JobRequests.job("<b>one</b>", "n1-standard-4"), 200);
    assertThat(rest.text("GET", "/", "", 200))
        .contains("&lt;b&gt;one&lt;/b&gt;", "QUEUED", "CreateCustomJob");
  }

  private JsonNode create(String machineType, String output, int status) throws Exception {
    var job = JobRequests.job("one", machineType).toBuilder();
    job.getJobSpecBuilder().getBaseOutputDirectoryBuilder().setOutputUriPrefix(output);
    return rest.create(job.build(), status);
  }

  private JsonNode call(String method, String path, String body, int status) throws Exception {
    return rest.call(method, path, body, status);
  }
}
