package io.fashionmnist.training.trainer.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads configurations from files into their JSON form. What the settings mean stays out. */
final class ConfigReader {
  /**
   * Reads a YAML file or, by its name's ending, a JSON file. An empty file has no settings.
   *
   * @throws BadInputException if there is no readable file or its text has no such form
   */
  ObjectNode file(Path file) {
    boolean isJson = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    return tree(
        strict(isJson ? JsonMapper.builder() : YAMLMapper.builder()), text(file), file.toString());
  }

  /** Reads one of the program's own YAML resources. */
  ObjectNode resource(String name) {
    try (InputStream in = ConfigReader.class.getResourceAsStream(name)) {
      return tree(
          strict(YAMLMapper.builder()),
          new String(in.readAllBytes(), StandardCharsets.UTF_8),
          name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectMapper strict(MapperBuilder<?, ?> mapper) {
    return mapper
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new BadInputException("--config: there is no file " + file, e);
    } catch (AccessDeniedException e) {
      throw new BadInputException("--config: no permission to read " + file, e);
    } catch (CharacterCodingException e) {
      throw new BadInputException("--config: " + file + " is not UTF-8 text", e);
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "it is a directory" : e.getMessage();
      throw new BadInputException("--config: cannot read " + file + ": " + reason, e);
    }
  }

  private static ObjectNode tree(ObjectMapper mapper, String text, String source) {
    JsonNode tree;
    try {
      tree = mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BadInputException(source + ":" + problem(e), e);
    }
    if (tree.isMissingNode() || tree.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (tree instanceof ObjectNode settings) {
      return settings;
    }
    throw new BadInputException(source + ": must be settings, as in epochs: 10");
  }

  /** Line, column and what is wrong there, on one line. */
  private static String problem(JsonProcessingException e) {
    // SnakeYAML's own mark is where the error is; Jackson's location is the token before.
    if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
      int line = yaml.getProblemMark().getLine() + 1;
      int column = yaml.getProblemMark().getColumn() + 1;
      return "%d:%d: %s".formatted(line, column, yaml.getProblem().replaceAll("\\s+", " "));
    }
    String problem = e.getOriginalMessage().lines().findFirst().orElse("cannot be read");
    JsonLocation location = e.getLocation();
    String message =
        problem.startsWith("Trailing token") ? "only one document is allowed" : problem;
    return location == null
        ? " " + message
        : "%d:%d: %s".formatted(location.getLineNr(), location.getColumnNr(), message);
  }
}
