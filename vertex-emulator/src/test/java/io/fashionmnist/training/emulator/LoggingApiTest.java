package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a job wrote, as Cloud Logging tells it. */
class LoggingApiTest {
  private static final String PATH = "/v2/entries:list";

  private final VirtualClock clock = new VirtualClock();
  private final VertexEmulator emulator = VertexEmulator.start(EmulatorSettings.defaults(), clock);
  private final Rest rest = new Rest(emulator);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void aJobsLinesAreEntries() throws Exception {
    String name = rest.create(JobRequests.job("one", "n1-standard-4"), 200).get("name").asText();
    String id = name.substring(name.lastIndexOf('/') + 1);

    JsonNode entry =
        rest.call(
                "POST",
                PATH,
                """
                {"resourceNames": ["projects/p"],
                 "filter": "resource.type=\\"ml_job\\" resource.labels.job_id=\\"%s\\""}
                """
                    .formatted(id),
                200)
            .at("/entries/0");

    assertThat(entry.get("textPayload").asText()).contains("scripted");
    assertThat(entry.at("/resource/labels/job_id").asText()).isEqualTo(id);
    assertThat(entry.get("insertId").asText()).isEqualTo(id + "-0");
  }

  @Test
  void anotherFilterIsRefusedInTheServicesWords() throws Exception {
    JsonNode refusal = rest.call("POST", PATH, "{\"filter\": \"severity>=ERROR\"}", 400);

    assertThat(refusal.at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
  }
}
