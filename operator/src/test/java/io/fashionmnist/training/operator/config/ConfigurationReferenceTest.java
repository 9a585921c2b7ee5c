package io.fashionmnist.training.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fashionmnist.training.api.v1alpha1.Placement;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is what the settings' records say; {@code make generate} writes it. */
class ConfigurationReferenceTest {
  private static final Path CHECKED_IN = Path.of("../docs/configuration.md");
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  @Test
  void theReferenceIsTheRecords() throws IOException {
    String generated = generate();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(CHECKED_IN, generated);
    }
    assertThat(CHECKED_IN).content().as("run `make generate`").isEqualTo(generated);
  }

  private static String generate() {
    StringBuilder text =
        new StringBuilder(
            """
            # Configuration reference

            The operator's settings: one YAML file, named by `FASHION_TRAINING_CONFIG`. The chart writes it from its value `config`, and fills in `progress` and `api` itself. Made from the records that read it by `make generate`. Patterns may have `*` for any text; durations are such as `90s`, `10m` or `1h30m`.

            | setting | type | default | meaning |
            |---|---|---|---|
            """);
    rows("", OperatorSettings.defaults(), text);
    return text.toString();
  }

  /**
   * @param settings with every default
   */
  private static void rows(String path, Record settings, StringBuilder text) {
    for (RecordComponent each : settings.getClass().getRecordComponents()) {
      String name = path + each.getName();
      Object value = value(each, settings);
      boolean nested = value instanceof Record && ours(value.getClass());
      List<?> entries = value instanceof List<?> list ? list : List.of();
      boolean nestedEntries = !entries.isEmpty() && entries.getFirst() instanceof Tenant;
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  name,
                  type(each.getGenericType()),
                  nested ? "" : nestedEntries ? "one entry, with every default" : text(value),
                  meaning(settings.getClass(), each).replace("|", "\\|")));
      if (nested) {
        rows(name + ".", (Record) value, text);
      } else if (nestedEntries) {
        rows(name + "[].", (Record) entries.getFirst(), text);
      }
    }
  }

  /** Whether a record is one of the settings', and not one of the API's. */
  private static boolean ours(Class<?> type) {
    return type.getPackage().equals(OperatorSettings.class.getPackage());
  }

  private static Object value(RecordComponent component, Record settings) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(component.getName(), e);
    }
  }

  private static String meaning(Class<?> settings, RecordComponent component) {
    try {
      JsonPropertyDescription description =
          settings
              .getDeclaredField(component.getName())
              .getAnnotation(JsonPropertyDescription.class);
      assertThat(description).as("description of %s", component).isNotNull();
      return description.value();
    } catch (NoSuchFieldException e) {
      throw new AssertionError(component.getName(), e);
    }
  }

  private static String type(Type type) {
    if (type instanceof ParameterizedType generic) {
      List<String> arguments =
          Arrays.stream(generic.getActualTypeArguments())
              .map(ConfigurationReferenceTest::type)
              .toList();
      return generic.getRawType().equals(Map.class)
          ? "map of " + arguments.getLast()
          : "list of " + arguments.getFirst();
    }
    return switch (type) {
      case Class<?> word when word == String.class -> "text";
      case Class<?> number when number == Integer.class -> "integer";
      case Class<?> flag when flag == boolean.class -> "boolean";
      case Class<?> placement when placement == Placement.class -> "[placements](api.md#spec)";
      default -> "object";
    };
  }

  /** The version of an image is the operator's own, and none of this page's. */
  private static String text(Object value) {
    try {
      String text =
          value == null
              ? ""
              : JSON.writeValueAsString(value)
                  .replaceFirst("(?<=^\"fashion-trainer:).*(?=\"$)", "VERSION");
      return text.isEmpty() || text.equals("[]") || text.equals("{}")
          ? ""
          : "`%s`".formatted(text.replaceAll("^\"|\"$", "").replace("|", "\\|"));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
