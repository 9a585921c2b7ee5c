package io.fashionmnist.training.trainer.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.evaluation.Calibration;
import io.fashionmnist.training.trainer.evaluation.ClassificationReport;
import io.fashionmnist.training.trainer.evaluation.ConfusionMatrix;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import io.fashionmnist.training.trainer.report.Events;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunFactsTest {
  private static final EpochMetrics BEST =
      new EpochMetrics(2, 0.5, 0.75, 0.6, 0.7, 0.001, 1000.0, 2.0);

  @Test
  void parametersHaveTheConfigurationsOwnNames() {
    Map<String, Object> all =
        RunFacts.parameters(Events.started().plan(), 3, Map.of("backend", "Vertex"));

    assertThat(all)
        .containsEntry("epochs", 3)
        .containsEntry("model.filters", "32,64,128")
        .containsEntry("model.convDropout", 0.25)
        .containsEntry("optimizer.weightDecay", 0.00001)
        .containsEntry("augmentation.rotationDegrees", 15.0)
        .containsEntry("augmentation.horizontalFlip", "true")
        .containsEntry("data.digest", "c0ffee")
        .containsEntry("attempt", 3)
        .containsEntry("backend", "Vertex");
    assertThat(all.values()).allMatch(value -> value instanceof Number || value instanceof String);
  }

  @Test
  void aClassWithoutPredictionsHasNoPrecision() {
    List<String> names = List.of("coat", "bag", "boot");
    ClassificationReport report = report(3, new int[] {0, 0, 1, 2}, new int[] {0, 1, 1, 0});

    Map<String, Object> all = RunFacts.metrics(report, BEST);

    assertThat(all)
        .containsEntry("best.epoch", 2)
        .containsEntry("test.accuracy", 0.5)
        .containsEntry("class.bag.precision", 0.5)
        .containsEntry("class.bag.recall", 1.0)
        .containsEntry("class.boot.f1", 0.0)
        .doesNotContainKey("class.boot.precision");
    assertThat(RunFacts.classification(report, names).get("confusionMatrix"))
        .isEqualTo(
            Map.of(
                "annotationSpecs",
                List.of(
                    Map.of("displayName", "coat"),
                    Map.of("displayName", "bag"),
                    Map.of("displayName", "boot")),
                "rows",
                List.of(List.of(1, 1, 0), List.of(0, 1, 0), List.of(1, 0, 0))));
  }

  @Test
  void ofManyClassesTheWorstAreTold() {
    int[] truth = IntStream.range(0, 40).toArray();
    int[] predicted = IntStream.range(0, 40).map(c -> c < 35 ? c : 0).toArray();
    ClassificationReport report = report(40, truth, predicted);
    List<String> names = IntStream.range(0, 40).mapToObj(c -> "class" + c).toList();

    assertThat(RunFacts.metrics(report, BEST).keySet())
        .contains("class.35.f1", "class.39.f1")
        .doesNotContain("class.34.f1");
    assertThat(RunFacts.classification(report, names)).doesNotContainKey("confusionMatrix");
  }

  private static ClassificationReport report(int classes, int[] truth, int[] predicted) {
    List<String> names =
        classes == 3
            ? List.of("coat", "bag", "boot")
            : IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    return ClassificationReport.of(
        new Evaluation(
            0.7, ConfusionMatrix.of(classes, truth, predicted), Calibration.ofNothing(), List.of()),
        names);
  }
}
