package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.aiplatform.v1.CustomJob;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.config.ExecutorSettings.ProcessSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are local processes. */
class ProcessExecutorTest {
  @TempDir private Path logs;
  private VertexEmulator emulator;
  private Rest rest;

  @BeforeEach
  void start() {
    emulator =
        VertexEmulator.start(
            EmulatorSettings.defaults()
                .withExecutor(
                    new ProcessSettings(
                        List.of("sh", "-c", "{args}"),
                        Optional.of(logs),
                        Duration.ofMillis(300),
                        Map.of("EXTRA", "yes"))));
    rest = new Rest(emulator);
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void theProgramFindsItsEnvironmentAndItsLogIsKept() throws Exception {
    JsonNode job =
        rest.create(
            running("echo $AIP_MODEL_DIR $CLOUD_ML_PROJECT_ID $EXTRA; echo $CLUSTER_SPEC"), 200);
    awaitState(job, "JOB_STATE_SUCCEEDED");
    String name = job.get("name").asText();
    assertThat(rest.text("GET", "/admin/jobs/" + id(job) + "/log", "", 200))
        .startsWith("gs://bucket/run/model/ " + name.split("/")[1] + " yes\n{\"cluster\":")
        .contains("\"workerpool0\"");
  }

  @Test
  void itsLogComesInPagesOfOneQuestion() throws Exception {
    JsonNode job = rest.create(running("echo one; echo two; echo three"), 200);
    awaitState(job, "JOB_STATE_SUCCEEDED");
    String filter = "resource.labels.job_id=" + id(job);

    JsonNode first = entries("{\"filter\": \"%s\", \"pageSize\": 2}".formatted(filter), 200);
    String token = first.get("nextPageToken").asText();
    String next = ", \"pageSize\": 2, \"pageToken\": \"%s\"}".formatted(token);
    JsonNode second = entries("{\"filter\": \"%s\"".formatted(filter) + next, 200);

    assertThat(first.get("entries"))
        .extracting(entry -> entry.get("textPayload").asText())
        .containsExactly("one", "two");
    assertThat(second.get("entries"))
        .extracting(entry -> entry.get("textPayload").asText())
        .containsExactly("three");
    assertThat(second.has("nextPageToken")).isFalse();
    JsonNode refusal = entries("{\"filter\": \"%s severity>=INFO\"".formatted(filter) + next, 400);
    assertThat(refusal.at("/error/message").asText())
        .isEqualTo("page_token doesn't match arguments from the request");
  }

  private JsonNode entries(String question, int status) throws Exception {
    return rest.call("POST", "/v2/entries:list", question, status);
  }

  @Test
  void anExitCodeIsTold() throws Exception {
    JsonNode job = rest.create(running("exit 3"), 200);
    awaitState(job, "JOB_STATE_FAILED");
    assertThat(now(job).at("/error/message").asText())
        .startsWith(
            "The replica workerpool0-0 exited with a non-zero status of 3. Termination reason:"
                + " Error. To find out more about why your job exited please check the logs: ");
  }

  @Test
  void aStubbornProgramIsKilled() throws Exception {
    JsonNode job = rest.create(running("trap '' TERM; while true; do sleep 0.1; done"), 200);
    awaitState(job, "JOB_STATE_RUNNING");
    rest.call("POST", "/v1/" + job.get("name").asText() + ":cancel", "", 200);
    awaitState(job, "JOB_STATE_CANCELLED");
    assertThat(emulator.quota().consumers()).isEmpty();
  }

  @Test
  void whatCannotStartFails() throws Exception {
    try (VertexEmulator other =
        VertexEmulator.start(
            EmulatorSettings.defaults()
                .withExecutor(
                    new ProcessSettings(
                        List.of("/no/such/program"),
                        Optional.of(logs),
                        Duration.ofSeconds(1),
                        Map.of())))) {
      JsonNode job = new Rest(other).create(running(""), 200);
      assertThat(job.get("state").asText()).isEqualTo("JOB_STATE_FAILED");
      assertThat(job.at("/error/message").asText()).contains("/no/such/program");
    }
  }

  private static CustomJob running(String script) {
    CustomJob.Builder job = JobRequests.job("one", "n1-standard-4").toBuilder();
    job.getJobSpecBuilder()
        .getWorkerPoolSpecsBuilder(0)
        .getContainerSpecBuilder()
        .clearArgs()
        .addArgs(script);
    return job.build();
  }

  private void awaitState(JsonNode job, String state) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(now(job).get("state").asText()).isEqualTo(state));
  }

  private JsonNode now(JsonNode job) throws Exception {
    return rest.get("/v1/" + job.get("name").asText());
  }

  private static String id(JsonNode job) {
    String name = job.get("name").asText();
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
