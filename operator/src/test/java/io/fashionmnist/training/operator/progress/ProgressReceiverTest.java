package io.fashionmnist.training.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.operator.apiserver.ApiServerStub;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressReceiverTest {
  private final ApiServerStub server = new ApiServerStub();

  @AfterEach
  void close() {
    server.close();
    MDC.clear();
  }

  @Test
  void leavesItToTheNextPostWhenTheApiServerFails() {
    server.refuses(500, "no leader");

    Answer answer =
        new ProgressReceiver(server.client(), InstantSource.fixed(Instant.EPOCH))
            .receive(
                "team", "job", "Bearer x", "{\"attempt\": 1}".getBytes(StandardCharsets.UTF_8));

    assertThat(answer).isEqualTo(new Answer(503, "the API server does not take it now; try again"));
  }
}
