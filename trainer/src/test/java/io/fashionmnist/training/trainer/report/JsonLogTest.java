package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonLogTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.25Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Instant now = START;
  private final JsonLog log =
      new JsonLog(
          new PrintStream(out, true, StandardCharsets.UTF_8), () -> now, START.minusMillis(1_500));

  @Test
  void putsEveryEventOnALineWithCloudLoggingsFields() {
    log.on(Events.started());
    log.on(Events.epoch(1));
    log.on(new TrainingEvent.Warning("a \"quoted\"\nwarning"));
    log.on(new TrainingEvent.Failed("no space left"));
    log.on(Events.finished());

    assertThat(lines())
        .extracting(line -> line.get("severity").textValue())
        .containsExactly("INFO", "INFO", "WARNING", "ERROR", "INFO");
    assertThat(lines())
        .allSatisfy(
            line -> {
              assertThat(line.get("message").textValue()).isNotBlank();
              assertThat(line.get("timestampSeconds").longValue())
                  .isEqualTo(START.getEpochSecond());
              assertThat(line.get("timestampNanos").intValue()).isEqualTo(250_000_000);
            });
    assertThat(lines().get(2).get("message").textValue()).isEqualTo("a \"quoted\"\nwarning");
  }

  @Test
  void tellsAnEpochsMetrics() {
    log.on(Events.epoch(2));

    JsonNode line = lines().getFirst();
    assertThat(line.get("epoch").intValue()).isEqualTo(2);
    assertThat(line.get("loss").doubleValue()).isEqualTo(0.35);
    assertThat(line.get("accuracy").doubleValue()).isEqualTo(0.82);
    assertThat(line.get("validationLoss").doubleValue()).isEqualTo(0.3);
    assertThat(line.get("validationAccuracy").doubleValue()).isEqualTo(0.84);
    assertThat(line.get("learningRate").doubleValue()).isEqualTo(0.001);
    assertThat(line.get("imagesPerSecond").doubleValue()).isEqualTo(1850.5);
    assertThat(line.get("seconds").doubleValue()).isEqualTo(12.25);
  }

  @Test
  void tellsTheFirstStepAndThenOneEveryHalfMinute() {
    for (int step = 1; step <= 7; step++) {
      log.on(Events.step(1, step));
      now = now.plusSeconds(10);
    }

    assertThat(lines()).extracting(line -> line.get("step").intValue()).containsExactly(1, 4, 7);
    assertThat(lines().getFirst().get("secondsToFirstStep").doubleValue()).isEqualTo(1.5);
    assertThat(lines().getLast().get("imagesPerSecond").doubleValue()).isEqualTo(1850);
  }

  @Test
  void tellsTheTestByClass() {
    log.on(Events.started());
    log.on(Events.tested());

    JsonNode line = lines().getLast();
    assertThat(line.get("testAccuracy").doubleValue()).isEqualTo(0.666667);
    assertThat(line.get("testLoss").doubleValue()).isEqualTo(0.3125);
    assertThat(line.get("perClass").get(2).toString())
        .isEqualTo(
            "{\"label\":2,\"name\":\"Pullover\",\"recall\":0.0,\"f1Score\":0.0,\"support\":1}");
    assertThat(line.get("confusionMatrix")).hasToString("[[2,1,0],[0,2,0],[1,0,0]]");
  }

  @Test
  void tellsTheWorstOfManyClasses() {
    log.on(Events.started(1, IntStream.range(0, 1_000).mapToObj(c -> "class " + c).toList()));
    log.on(Events.tested(1_000));

    JsonNode line = lines().getLast();
    assertThat(line.get("perClass")).hasSize(10);
    assertThat(line.has("confusionMatrix")).isFalse();
    assertThat(line.get("macro").get("f1Score").doubleValue()).isEqualTo(1);
  }

  private List<JsonNode> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().map(JsonLogTest::parse).toList();
  }

  private static JsonNode parse(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
