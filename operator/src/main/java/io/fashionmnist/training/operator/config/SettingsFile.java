package io.fashionmnist.training.operator.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fashionmnist.training.api.v1alpha1.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the settings file, and tells everything that is wrong with it at once. */
public final class SettingsFile {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?");
  private static final Pattern OUTPUT = Pattern.compile("(gs|pvc)://[a-z0-9][^/]*(/.*)?");

  private static final Pattern COLLECTOR = Pattern.compile("https?://[^/\\s]+/?");

  private SettingsFile() {}

  /** What is wrong with a file, line by line; empty when nothing is. */
  public static Optional<String> complaint(Path file) {
    try {
      read(file);
      return Optional.empty();
    } catch (InvalidSettingsException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * Reads and checks a file.
   *
   * @throws InvalidSettingsException with every error, if there is any
   */
  public static OperatorSettings read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new InvalidSettingsException(file.toString(), List.of("can't be read: " + e));
    }
  }

  static OperatorSettings parse(String yaml, String source) {
    List<String> errors = new ArrayList<>();
    YAMLMapper mapper = YAMLMapper.builder().addHandler(new Collector(errors)).build();
    OperatorSettings settings = OperatorSettings.defaults();
    try {
      if (!yaml.isBlank()) {
        // Nothing is left of settings one of whose lists has an empty entry.
        settings =
            Optional.ofNullable(mapper.readValue(yaml, OperatorSettings.class)).orElse(settings);
      }
    } catch (JsonProcessingException e) {
      errors.add(e.getOriginalMessage());
    }
    check(settings, errors);
    if (!errors.isEmpty()) {
      throw new InvalidSettingsException(source, errors);
    }
    return settings;
  }

  private static void check(OperatorSettings settings, List<String> errors) {
    if (!NAME.matcher(settings.installation()).matches()) {
      errors.add(
          "installation: %s must be lower-case letters, digits and hyphens, 48 at most"
              .formatted(settings.installation()));
    }
    settings
        .output()
        .defaultUri()
        .filter(uri -> !OUTPUT.matcher(uri).matches())
        .ifPresent(
            uri ->
                errors.add(
                    "output.uri: %s must be gs://bucket/prefix or pvc://claim/path"
                        .formatted(uri)));
    if (!List.of("Operator", "External").contains(settings.progress().issued())) {
      errors.add(
          "progress.issued: %s must be Operator or External"
              .formatted(settings.progress().issued()));
    }
    settings.placements().stream()
        .map(Placement::complaint)
        .flatMap(Optional::stream)
        .forEach(complaint -> errors.add("placements: " + complaint));
    errors.addAll(settings.vertex().errors());
    settings
        .tracing()
        .collector()
        .filter(uri -> !COLLECTOR.matcher(uri).matches())
        .ifPresent(
            uri ->
                errors.add(
                    "tracing.endpoint: %s must be http://host:port or https://host:port"
                        .formatted(uri)));
    settings
        .tracing()
        .headersFolder()
        .filter(folder -> !Files.isDirectory(folder))
        .ifPresent(
            folder ->
                errors.add(
                    "tracing.headers: %s must be a folder with a file for each header"
                        .formatted(folder)));
    errors.addAll(settings.registry().errors());
    long names = settings.placements().stream().map(each -> each.name()).distinct().count();
    if (names < settings.placements().size()) {
      errors.add("placements: names must be unique");
    }
  }

  /** Settings that cannot be started with. */
  public static final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSettingsException(String source, List<String> errors) {
      super("%s:%n  - %s".formatted(source, String.join("%n  - ".formatted(), errors)));
    }
  }

  /** Notes what does not fit and reads on. */
  private static final class Collector extends DeserializationProblemHandler {
    private final List<String> errors;

    Collector(List<String> errors) {
      this.errors = errors;
    }

    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser parser,
        JsonDeserializer<?> deserializer,
        Object beanOrClass,
        String name)
        throws IOException {
      // The parser is further on by now: a record is made once all of it is read.
      errors.add(
          "%s: no such setting beside %s".formatted(name, String.join(", ", known(deserializer))));
      parser.skipChildren();
      return true;
    }

    @Override
    public Object handleUnexpectedToken(
        DeserializationContext context,
        JavaType type,
        JsonToken token,
        JsonParser parser,
        String failure)
        throws IOException {
      return wrongType(parser);
    }

    @Override
    public Object handleMissingInstantiator(
        DeserializationContext context,
        Class<?> type,
        ValueInstantiator instantiator,
        JsonParser parser,
        String failure)
        throws IOException {
      return wrongType(parser);
    }

    @Override
    public Object handleInstantiationProblem(
        DeserializationContext context, Class<?> type, Object argument, Throwable problem) {
      String where = path(context.getParser());
      Throwable cause = problem.getCause() == null ? problem : problem.getCause();
      errors.add(
          cause instanceof NullPointerException
              ? "%s: a list in it has an empty entry".formatted(where)
              : "%s: %s".formatted(where, cause.getMessage()));
      return null;
    }

    @Override
    public Object handleWeirdStringValue(
        DeserializationContext context, Class<?> type, String value, String failure) {
      errors.add("%s: %s does not fit".formatted(path(context.getParser()), value));
      return null;
    }

    private Object wrongType(JsonParser parser) throws IOException {
      errors.add("%s: has the wrong type".formatted(path(parser)));
      parser.skipChildren();
      return null;
    }

    private static List<String> known(JsonDeserializer<?> deserializer) {
      return deserializer.getKnownPropertyNames().stream().map(String::valueOf).sorted().toList();
    }

    private static String path(JsonParser parser) {
      String pointer = parser.getParsingContext().pathAsPointer().toString();
      return pointer.isEmpty() ? "the settings" : pointer.substring(1).replace('/', '.');
    }
  }
}
