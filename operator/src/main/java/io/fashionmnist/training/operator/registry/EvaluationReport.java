package io.fashionmnist.training.operator.registry;

import com.google.cloud.aiplatform.v1.ModelEvaluation;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Values;
import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.TestMetrics;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.operator.backend.vertex.JobOwner;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A trainer's report as an evaluation in the registry. The metrics are those that the service's
 * schema for classification knows; what else there is, by class and averaged over the classes, is
 * in the evaluation's metadata.
 *
 * @see <a
 *     href="https://storage.googleapis.com/google-cloud-aiplatform/schema/modelevaluation/classification_metrics_1.0.0.yaml">the
 *     schema</a>
 */
final class EvaluationReport {
  private static final String SCHEMA =
      "gs://google-cloud-aiplatform/schema/modelevaluation/classification_metrics_1.0.0.yaml";

  private EvaluationReport() {}

  /** What an attempt's evaluation is called, by which it is known. */
  static String name(JobOwner owner) {
    return "%s/%s attempt %d".formatted(owner.namespace(), owner.name(), owner.attempt());
  }

  /** The evaluation; empty for a report without test metrics. */
  static Optional<ModelEvaluation> of(JobOwner owner, TrainingReport report) {
    return Optional.ofNullable(report.test())
        .map(
            test ->
                ModelEvaluation.newBuilder()
                    .setDisplayName(name(owner))
                    .setMetricsSchemaUri(SCHEMA)
                    .setMetrics(value(metrics(test, report)))
                    .setMetadata(value(metadata(test, report)))
                    .build());
  }

  private static Struct metrics(TestMetrics test, TrainingReport report) {
    Struct.Builder metrics = Struct.newBuilder();
    put(metrics, "logLoss", test.loss());
    if (test.accuracy() != null) {
      metrics.putFields("confidenceMetrics", list(List.of(value(argmax(test)))));
    }
    if (report.confusionMatrix() != null) {
      metrics.putFields("confusionMatrix", value(matrix(report)));
    }
    return metrics.build();
  }

  /**
   * Of predictions that are the most likely class whatever its probability: each image has one, so
   * that precision and recall over all of them, and their mean, are the accuracy.
   */
  private static Struct argmax(TestMetrics test) {
    Struct.Builder entry = Struct.newBuilder();
    put(entry, "confidenceThreshold", 0.0);
    put(entry, "maxPredictions", 1.0);
    for (String name :
        List.of("recall", "precision", "f1Score", "recallAt1", "precisionAt1", "f1ScoreAt1")) {
      put(entry, name, test.accuracy());
    }
    put(entry, "f1ScoreMicro", test.accuracy());
    if (test.macro() != null) {
      put(entry, "f1ScoreMacro", test.macro().f1Score());
    }
    return entry.build();
  }

  private static Struct matrix(TrainingReport report) {
    List<List<Integer>> rows = report.confusionMatrix();
    return Struct.newBuilder()
        .putFields(
            "annotationSpecs",
            list(
                IntStream.range(0, rows.size())
                    .mapToObj(label -> value(annotationSpec(label, report)))
                    .toList()))
        .putFields(
            "rows",
            list(rows.stream().map(row -> list(row.stream().map(Values::of).toList())).toList()))
        .build();
  }

  private static Struct annotationSpec(int label, TrainingReport report) {
    String name =
        Optional.ofNullable(report.perClass()).orElse(List.of()).stream()
            .filter(each -> Integer.valueOf(label).equals(each.label()) && each.name() != null)
            .map(ClassMetrics::name)
            .findFirst()
            .orElse(Integer.toString(label));
    return Struct.newBuilder()
        .putFields("id", Values.of(Integer.toString(label)))
        .putFields("displayName", Values.of(name))
        .build();
  }

  private static Struct metadata(TestMetrics test, TrainingReport report) {
    Struct.Builder metadata = Struct.newBuilder();
    put(metadata, "images", test.images());
    put(metadata, "accuracy", test.accuracy());
    average(metadata, "macro", test.macro());
    average(metadata, "weighted", test.weighted());
    if (report.perClass() != null) {
      metadata.putFields(
          "perClass", list(report.perClass().stream().map(each -> value(ofClass(each))).toList()));
    }
    return metadata.build();
  }

  private static void average(Struct.Builder into, String name, TestMetrics.Average average) {
    if (average != null) {
      Struct.Builder all = Struct.newBuilder();
      put(all, "precision", average.precision());
      put(all, "recall", average.recall());
      put(all, "f1Score", average.f1Score());
      into.putFields(name, value(all.build()));
    }
  }

  private static Struct ofClass(ClassMetrics metrics) {
    Struct.Builder all = Struct.newBuilder();
    put(all, "label", metrics.label());
    if (metrics.name() != null) {
      all.putFields("displayName", Values.of(metrics.name()));
    }
    put(all, "precision", metrics.precision());
    put(all, "recall", metrics.recall());
    put(all, "f1Score", metrics.f1Score());
    put(all, "support", metrics.support());
    return all.build();
  }

  private static void put(Struct.Builder into, String name, Number number) {
    if (number != null) {
      into.putFields(name, Values.of(number.doubleValue()));
    }
  }

  private static Value value(Struct struct) {
    return Values.of(struct);
  }

  private static Value list(List<Value> values) {
    return Values.of(ListValue.newBuilder().addAllValues(values).build());
  }
}
