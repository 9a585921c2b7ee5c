package io.fashionmnist.training.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingArgumentsTest {
  private final ObjectMapper json = new ObjectMapper();
  private final TrainingSchema schema = new TrainingSchema();
  private final TrainingArguments arguments = new TrainingArguments(schema);

  @Provide
  Arbitrary<ObjectNode> trees() {
    return RandomConfigs.trees();
  }

  @Property(tries = 300)
  void aConfigurationSurvivesTheCommandLine(@ForAll("trees") ObjectNode tree)
      throws JsonProcessingException {
    TrainingConfig config = json.treeToValue(tree, TrainingConfig.class);

    List<String> line = arguments.of(config);

    assertThat(arguments.parse(line)).isEqualTo(config);
    assertThat(line)
        .hasSameSizeAs(schema.options())
        .noneMatch(text -> text.matches(".*=.*[eE]-.*"));
  }

  @Property(tries = 300)
  void aConfigurationSurvivesJson(@ForAll("trees") ObjectNode tree) throws JsonProcessingException {
    TrainingConfig config = json.treeToValue(tree, TrainingConfig.class);

    assertThat(json.readValue(json.writeValueAsString(config), TrainingConfig.class))
        .isEqualTo(config);
  }

  @Property(tries = 300)
  void theSchemaReadsAndWritesAsJacksonDoes(@ForAll("trees") ObjectNode tree)
      throws JsonProcessingException {
    TrainingConfig config = json.treeToValue(tree, TrainingConfig.class);

    assertThat(schema.config(tree)).isEqualTo(config);
    assertThat(schema.tree(config).toString()).isEqualTo(json.writeValueAsString(config));
  }

  @Test
  void theDefaultRecipe() {
    assertThat(arguments.of(TrainingConfig.defaults()))
        .containsExactly(
            "--epochs=30",
            "--batch-size=64",
            "--validation-fraction=0.1",
            "--seed=42",
            "--precision=Auto",
            "--model.filters=32,64,128",
            "--model.dense-units=512",
            "--model.conv-dropout=0.25",
            "--model.dense-dropout=0.5",
            "--optimizer.learning-rate=0.001",
            "--optimizer.clip-norm=1",
            "--optimizer.weight-decay=0.00001",
            "--schedule.type=ReduceOnPlateau",
            "--schedule.factor=0.5",
            "--schedule.patience=3",
            "--schedule.min-delta=0.0001",
            "--schedule.min-learning-rate=0.000001",
            "--schedule.warmup-fraction=0.3",
            "--early-stopping.patience=10",
            "--early-stopping.min-delta=0",
            "--augmentation.rotation-degrees=15",
            "--augmentation.width-shift=0.15",
            "--augmentation.height-shift=0.15",
            "--augmentation.shear=0.15",
            "--augmentation.zoom=0.15",
            "--augmentation.horizontal-flip=true",
            "--checkpoints.every-epochs=1",
            "--checkpoints.every-minutes=5",
            "--checkpoints.keep=3");
  }

  @Test
  void whatIsLeftOutTakesItsDefault() {
    assertThat(arguments.parse(List.of())).isEqualTo(TrainingConfig.defaults());
    assertThat(arguments.parse(List.of("--schedule.type=onecycle")).schedule().type())
        .isEqualTo(ScheduleType.ONE_CYCLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --epochs                      | --epochs: must be --name=value
          --epoch=1                     | --epoch: no such option
          --epochs=1.0                  | epochs is "1.0": must be a whole number
          --epochs=0                    | epochs is 0: must be at least 1 and at most 10000
          --epochs=99999999999999999999 | epochs is 99999999999999999999: must be at least 1 and at most 10000
          --model.filters=32,,64        | model.filters is [32,"",64]: each entry must be a whole number
          --optimizer.learning-rate=NaN | optimizer.learningRate is "NaN": must be a number
          --precision=Float16           | precision is "Float16": must be Auto, Float32 or BFloat16
          """)
  void whatCannotBeReadIsRefused(String argument, String message) {
    assertThatThrownBy(() -> arguments.parse(List.of(argument)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
