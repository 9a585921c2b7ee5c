package io.fashionmnist.training.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.TestMetrics;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassificationReportTest {
  /** Reports are rounded to six decimals. */
  private static final Offset<Double> ROUNDING = within(0.500_001e-6);

  /** Predictions, and what scikit-learn makes of them; null is undefined. */
  static Stream<Golden> scikitLearn() throws Exception {
    try (InputStream in =
        ClassificationReportTest.class.getResourceAsStream("/golden/classification-report.json")) {
      JsonNode cases = new ObjectMapper().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false).map(Golden::new).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scikitLearn")
  void agreesWithScikitLearn(Golden golden) {
    List<String> names = golden.texts("classes");
    ConfusionMatrix confusion =
        ConfusionMatrix.of(names.size(), golden.numbers("truth"), golden.numbers("predicted"));

    ClassificationReport report =
        ClassificationReport.of(
            new Evaluation(0.123_456_7, confusion, Calibration.ofNothing(), List.of()), names);

    assertThat(confusion.rows()).hasToString(golden.rows());
    assertThat(report.test().images()).isEqualTo(golden.numbers("truth").length);
    assertThat(report.test().loss()).isEqualTo(0.123_457);
    assertMetric(report.test().accuracy(), golden.json.get("accuracy"));
    assertAverage(report.test().macro(), golden.json.get("macro"));
    assertAverage(report.test().weighted(), golden.json.get("weighted"));
    assertThat(report.perClass()).hasSameSizeAs(names);
    for (int c = 0; c < names.size(); c++) {
      ClassMetrics ours = report.perClass().get(c);
      JsonNode theirs = golden.json.get("perClass").get(c);
      assertThat(ours.label()).isEqualTo(c);
      assertThat(ours.name()).isEqualTo(names.get(c));
      assertThat(ours.support()).isEqualTo(theirs.get("support").intValue());
      assertMetric(ours.precision(), theirs.get("precision"));
      assertMetric(ours.recall(), theirs.get("recall"));
      assertMetric(ours.f1Score(), theirs.get("f1"));
    }
  }

  @Test
  void isUndefinedWithoutImages() {
    ConfusionMatrix none = ConfusionMatrix.of(1, new int[0], new int[0]);

    ClassificationReport report =
        ClassificationReport.of(
            new Evaluation(Double.NaN, none, Calibration.ofNothing(), List.of()), List.of("a"));

    assertThat(report.test().loss()).isNull();
    assertThat(report.test().accuracy()).isNull();
    assertThat(report.perClass()).containsExactly(new ClassMetrics(0, "a", null, null, null, 0));
  }

  private static void assertAverage(TestMetrics.Average ours, JsonNode theirs) {
    assertMetric(ours.precision(), theirs.get("precision"));
    assertMetric(ours.recall(), theirs.get("recall"));
    assertMetric(ours.f1Score(), theirs.get("f1"));
  }

  private static void assertMetric(Double ours, JsonNode theirs) {
    if (theirs.isNull()) {
      assertThat(ours).isNull();
    } else {
      assertThat(ours).isCloseTo(theirs.doubleValue(), ROUNDING);
    }
  }

  record Golden(JsonNode json) {
    int[] numbers(String field) {
      return StreamSupport.stream(json.get(field).spliterator(), false)
          .mapToInt(JsonNode::intValue)
          .toArray();
    }

    List<String> texts(String field) {
      return StreamSupport.stream(json.get(field).spliterator(), false)
          .map(JsonNode::textValue)
          .toList();
    }

    String rows() {
      return json.get("confusionMatrix").toString().replace(",", ", ");
    }

    @Override
    public String toString() {
      return json.get("name").textValue();
    }
  }
}
