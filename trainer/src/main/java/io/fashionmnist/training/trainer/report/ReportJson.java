package io.fashionmnist.training.trainer.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The records of a report as JSON in UTF-8. */
final class ReportJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ReportJson() {}

  /** On one line. */
  static byte[] line(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For people, with a line break at the end. */
  static byte[] pretty(Object value) {
    try {
      return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of an object's {@code message}; empty where there is none, or no JSON at all. */
  static Optional<String> message(byte[] json) {
    try {
      return Optional.ofNullable(MAPPER.readTree(json).path("message").textValue());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
