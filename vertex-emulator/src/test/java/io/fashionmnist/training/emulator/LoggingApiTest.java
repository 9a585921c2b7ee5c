package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
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
  void takesWhatIsCompressed() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write("{\"filter\": \"resource.labels.job_id=1\"}".getBytes(StandardCharsets.UTF_8));
    }

    var response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + emulator.port() + PATH))
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(bytes.toByteArray()))
                    .build(),
                BodyHandlers.ofString());

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void anotherFilterIsRefusedInTheServicesWords() throws Exception {
    JsonNode refusal = rest.call("POST", PATH, "{\"filter\": \"severity>=ERROR\"}", 400);

    assertThat(refusal.at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
  }
}
