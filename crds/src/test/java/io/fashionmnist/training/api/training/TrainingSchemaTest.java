package io.fashionmnist.training.api.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fashionmnist.training.api.training.OptionType.ChoiceType;
import io.fashionmnist.training.api.training.OptionType.IntegerListType;
import io.fashionmnist.training.api.training.OptionType.IntegerType;
import io.fashionmnist.training.api.training.OptionType.NumberType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingSchemaTest {
  private final TrainingSchema schema = new TrainingSchema();

  @Test
  void theSectionsFollowTheRecords() {
    assertThat(schema.sections().stream().map(TrainingSection::title))
        .containsExactly(
            "Training",
            "Model",
            "Optimizer",
            "Schedule",
            "Early stopping",
            "Augmentation",
            "Checkpoints");
  }

  @Test
  void aSettingIsReadFromItsComponent() {
    TrainingOption rotation = schema.option("--augmentation.rotation-degrees").orElseThrow();

    assertThat(rotation.key()).isEqualTo("augmentation.rotationDegrees");
    assertThat(rotation.type()).isEqualTo(new NumberType(new Range(0, true, 180, true)));
    assertThat(rotation.description()).isEqualTo("Largest rotation either way, in degrees.");
    assertThat(rotation.defaultText()).isEqualTo("15");
  }

  @Test
  void boundsOfListsAndOpenBoundsAreRead() {
    assertThat(schema.option("--model.filters").orElseThrow().type())
        .isEqualTo(new IntegerListType(new IntegerType(new Range(1, true, 4096, true)), 1, 8));
    assertThat(schema.option("--schedule.factor").orElseThrow().type())
        .isEqualTo(new NumberType(new Range(0, false, 1, false)));
    assertThat(schema.option("--precision").orElseThrow().type())
        .isEqualTo(new ChoiceType(List.of("Auto", "Float32", "BFloat16")));
  }

  static Stream<TrainingOption> options() {
    return new TrainingSchema().options().stream();
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyDescriptionEndsWithTheRealDefault(TrainingOption option) {
    String value = option.defaultText();
    String written = option.type() instanceof IntegerListType ? asList(value) : value;

    assertThat(description(option)).endsWith(" Default: " + written + ".");
    assertThat(option.description()).doesNotContain("Default").endsWith(".");
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyNumberIsBoundedAndEveryDefaultAllowed(TrainingOption option) {
    if (option.type() instanceof NumberType(Range range)) {
      assertThat(range.minimum()).isGreaterThan(-Double.MAX_VALUE);
      assertThat(range.maximum()).isLessThan(Double.MAX_VALUE);
    }
    if (option.type() instanceof IntegerType(Range range)) {
      assertThat(range.minimum()).isGreaterThanOrEqualTo(0);
      assertThat(range.maximum()).isLessThan(Long.MAX_VALUE).isNotEqualTo(Integer.MAX_VALUE);
    }
    assertThat(option.check(option.defaultValue())).isEmpty();
  }

  private static String asList(String value) {
    return "[" + value.replace(",", ", ") + "]";
  }

  private static String description(TrainingOption option) {
    Class<?> type = TrainingConfig.class;
    RecordComponent found = null;
    for (String name : option.path()) {
      found =
          Arrays.stream(type.getRecordComponents())
              .filter(component -> component.getName().equals(name))
              .findFirst()
              .orElseThrow();
      type = found.getType();
    }
    return found.getAccessor().getAnnotation(JsonPropertyDescription.class).value();
  }
}
