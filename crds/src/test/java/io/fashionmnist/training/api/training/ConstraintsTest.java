package io.fashionmnist.training.api.training;

import static org.assertj.core.api.Assertions.assertThat;

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

class ConstraintsTest {
  private final ObjectMapper json = new ObjectMapper();
  private final Constraints constraints = new Constraints(new TrainingSchema());

  @Provide
  Arbitrary<ObjectNode> trees() {
    return RandomConfigs.trees();
  }

  @Property(tries = 300)
  void whatIsInRangeIsAccepted(@ForAll("trees") ObjectNode tree) throws JsonProcessingException {
    TrainingConfig config = json.treeToValue(tree, TrainingConfig.class);

    assertThat(constraints.check(tree)).isEmpty();
    assertThat(constraints.check(config))
        .allMatch(violation -> violation.key().equals("schedule.minLearningRate"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"augmentation":{"zoom":1.5}}      | augmentation.zoom is 1.5: must be at least 0 and less than 1
          {"augmentation":{"zoom":1}}        | augmentation.zoom is 1: must be at least 0 and less than 1
          {"schedule":{"factor":0}}          | schedule.factor is 0: must be more than 0 and less than 1
          {"optimizer":{"learningRate":-1}}  | optimizer.learningRate is -1: must be more than 0 and at most 10
          {"model":{"filters":[]}}           | model.filters is []: must have 1 to 8 entries
          {"model":{"filters":[32,0]}}       | model.filters is [32,0]: each entry must be at least 1 and at most 4096
          {"seed":9007199254740992}          | seed is 9007199254740992: must be at least 0 and at most 9007199254740991
          {"schedule":{"minLearningRate":1}} | schedule.minLearningRate is 1: must be at most optimizer.learningRate, which is 0.001
          """)
  void aRecordOutOfRangeIsRefused(String tree, String message) throws JsonProcessingException {
    TrainingConfig config = json.readValue(tree, TrainingConfig.class);

    assertThat(constraints.check(config)).extracting(Violation::message).containsExactly(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"epoch":1}                            | epoch is 1: no such setting; did you mean epochs?
          {"batch-size":1}                       | batch-size is 1: no such setting; did you mean batchSize?
          {"learningRate":1}                     | learningRate is 1: no such setting; did you mean optimizer.learningRate?
          {"patience":1}                         | patience is 1: no such setting; did you mean schedule.patience or earlyStopping.patience?
          {"augmentation":{"rotatonDegrees":1}}  | augmentation.rotatonDegrees is 1: no such setting; did you mean augmentation.rotationDegrees?
          {"optimiser":{"learningRate":1}}       | optimiser is {"learningRate":1}: no such setting; did you mean optimizer?
          {"kubernetes":{}}                      | kubernetes is {}: no such setting
          {"model":7}                            | model is 7: must be a group of settings, as in model: {filters: [32,64,128]}
          {"epochs":"7"}                         | epochs is "7": must be a whole number
          {"epochs":7.5}                         | epochs is 7.5: must be a whole number
          {"epochs":99999999999999999999}        | epochs is 99999999999999999999: must be at least 1 and at most 10000
          {"model":{"filters":32}}               | model.filters is 32: must be a list of whole numbers
          {"model":{"filters":[null]}}           | model.filters is [null]: each entry must be a whole number
          {"augmentation":{"horizontalFlip":1}}  | augmentation.horizontalFlip is 1: must be true or false
          {"schedule":{"type":"onecycle"}}       | schedule.type is "onecycle": must be ReduceOnPlateau, OneCycle, Cosine or Constant
          """)
  void aTreeThatNoRecordCanHoldIsRefused(String tree, String message)
      throws JsonProcessingException {
    assertThat(constraints.check((ObjectNode) json.readTree(tree)))
        .extracting(Violation::message)
        .containsExactly(message);
  }

  @Test
  void notANumberIsNeverInRange() {
    for (double odd : List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)) {
      OptimizerConfig optimizer = new OptimizerConfig(0.001, odd, null);
      TrainingConfig config =
          new TrainingConfig(null, null, null, null, null, null, optimizer, null, null, null, null);

      assertThat(constraints.check(config))
          .containsExactly(
              new Violation(
                  "optimizer.clipNorm",
                  Double.toString(odd),
                  "must be at least 0 and at most 1000000"));
    }
  }

  @Test
  void everythingWrongIsListed() throws JsonProcessingException {
    assertThat(
            constraints.check(
                (ObjectNode) json.readTree("{\"epochs\":0,\"epoch\":1,\"model\":{\"layers\":3}}")))
        .hasSize(3);
  }

  @Test
  void aConstantRateHasNoLowestRate() throws JsonProcessingException {
    assertThat(
            constraints.check(
                json.readValue(
                    "{\"schedule\":{\"type\":\"Constant\",\"minLearningRate\":1}}",
                    TrainingConfig.class)))
        .isEmpty();
  }
}
