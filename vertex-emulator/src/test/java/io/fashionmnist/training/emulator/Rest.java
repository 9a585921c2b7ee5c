package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.protobuf.util.JsonFormat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Calls an emulator over HTTP. */
final class Rest {
  static final String JOBS = "/v1/projects/p/locations/us-central1/customJobs";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final int port;

  Rest(VertexEmulator emulator) {
    this.port = emulator.port();
  }

  JsonNode create(CustomJob job, int status) throws Exception {
    return call("POST", JOBS, JsonFormat.printer().print(job), status);
  }

  JsonNode get(String path) throws Exception {
    return call("GET", path, "", 200);
  }

  JsonNode call(String method, String path, String body, int status) throws Exception {
    return json.readTree(text(method, path, body, status));
  }

  String text(String method, String path, String body, int status) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return response.body();
  }
}
