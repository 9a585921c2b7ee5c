package io.fashionmnist.training.kubectl.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fashionmnist.training.kubectl.text.Screen;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Text for people or JSON for programs. */
final class OutputOption {
  /** What is printed. */
  enum Form {
    text,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Form form;

  boolean json() {
    return form == Form.json;
  }

  void print(Screen screen, Object value, Supplier<List<String>> text) {
    if (json()) {
      screen.line(json(value));
    } else {
      text.get().forEach(screen::line);
    }
  }

  static String json(Object value) {
    try {
      return JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build()
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An answer that is no JSON", e);
    }
  }
}
