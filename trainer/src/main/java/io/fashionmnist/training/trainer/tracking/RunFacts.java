package io.fashionmnist.training.trainer.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TestMetrics;
import io.fashionmnist.training.trainer.Version;
import io.fashionmnist.training.trainer.evaluation.ClassificationReport;
import io.fashionmnist.training.trainer.train.TrainingEvent.TrainingPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A run's parameters, curves and results by the names that they have in the experiment. Pure. What
 * is undefined is left out; values are texts and numbers.
 */
final class RunFacts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunFacts() {}

  /**
   * The configuration by its own names, as in {@code model.filters}, the data, and what it is
   * trained with.
   */
  static Map<String, Object> parameters(TrainingPlan plan, int attempt, Map<String, String> more) {
    Map<String, Object> all = new LinkedHashMap<>();
    flatten("", JSON.valueToTree(plan.config()), all);
    all.put("data.digest", plan.dataDigest());
    all.put("data.trainingImages", plan.trainingImages());
    all.put("data.validationImages", plan.validationImages());
    all.put("data.testImages", plan.testImages());
    all.put("data.classes", plan.classNames().size());
    all.put("data.imageSize", plan.height() + "x" + plan.width());
    all.put("model.parameters", plan.parameters());
    all.put("towers", plan.towers());
    all.put("activations", plan.bfloat16() ? "bfloat16" : "float32");
    all.put("trainer.version", Version.current());
    all.put("output", plan.output());
    all.put("attempt", attempt);
    all.putAll(more);
    return all;
  }

  /** An epoch's points by their curves. */
  static Map<String, Double> curves(EpochMetrics metrics) {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("loss", metrics.loss());
    all.put("accuracy", metrics.accuracy());
    all.put("validation_loss", metrics.validationLoss());
    all.put("validation_accuracy", metrics.validationAccuracy());
    all.put("learning_rate", metrics.learningRate());
    all.put("images_per_second", metrics.imagesPerSecond());
    all.put("epoch_seconds", metrics.seconds());
    all.values().removeIf(value -> value == null);
    return all;
  }

  /** The best epoch, the results on the test images, and those of each class by its name. */
  static Map<String, Object> metrics(ClassificationReport report, EpochMetrics best) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("best.epoch", best.epoch());
    all.put("best.validation_loss", best.validationLoss());
    all.put("best.validation_accuracy", best.validationAccuracy());
    TestMetrics test = report.test();
    all.put("test.images", test.images());
    all.put("test.loss", test.loss());
    all.put("test.accuracy", test.accuracy());
    average(all, "test.macro.", test.macro());
    average(all, "test.weighted.", test.weighted());
    for (ClassMetrics each : told(report)) {
      all.put("class." + each.name() + ".precision", each.precision());
      all.put("class." + each.name() + ".recall", each.recall());
      all.put("class." + each.name() + ".f1", each.f1Score());
    }
    all.values().removeIf(value -> value == null);
    return all;
  }

  /**
   * The metadata of a {@code google.ClassificationMetrics}; of many classes it has no matrix.
   *
   * @see <a
   *     href="https://cloud.google.com/vertex-ai/docs/pipelines/artifact-types">google.ClassificationMetrics</a>
   */
  static Map<String, Object> classification(ClassificationReport report, List<String> classNames) {
    TestMetrics test = report.test();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("accuracy", test.accuracy());
    all.put("precision", test.macro().precision());
    all.put("recall", test.macro().recall());
    all.put("f1Score", test.macro().f1Score());
    all.put("logLoss", test.loss());
    all.values().removeIf(value -> value == null);
    if (classNames.size() <= CompactReport.MAXIMUM_CLASSES) {
      all.put(
          "confusionMatrix",
          Map.of(
              "annotationSpecs",
              classNames.stream().map(name -> Map.of("displayName", name)).toList(),
              "rows",
              report.confusion().rows()));
    }
    return all;
  }

  private static List<ClassMetrics> told(ClassificationReport report) {
    return report.perClass().size() <= CompactReport.MAXIMUM_CLASSES
        ? report.perClass()
        : CompactReport.worst(report.perClass(), CompactReport.WORST_CLASSES);
  }

  private static void average(Map<String, Object> all, String prefix, TestMetrics.Average average) {
    all.put(prefix + "precision", average.precision());
    all.put(prefix + "recall", average.recall());
    all.put(prefix + "f1", average.f1Score());
  }

  private static void flatten(String path, JsonNode node, Map<String, Object> all) {
    switch (node.getNodeType()) {
      case OBJECT ->
          node.properties()
              .forEach(
                  field ->
                      flatten(
                          path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                          field.getValue(),
                          all));
      case ARRAY ->
          all.put(
              path,
              StreamSupport.stream(node.spliterator(), false)
                  .map(JsonNode::asText)
                  .collect(Collectors.joining(",")));
      case NUMBER -> all.put(path, node.numberValue());
      case BOOLEAN, STRING -> all.put(path, node.asText());
      case NULL, MISSING, BINARY, POJO -> {}
    }
  }
}
