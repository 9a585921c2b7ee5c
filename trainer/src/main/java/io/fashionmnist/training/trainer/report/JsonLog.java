package io.fashionmnist.training.trainer.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.Metrics;
import io.fashionmnist.training.trainer.evaluation.ClassificationReport;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON object a line, with the field names that Cloud Logging takes out of a container's
 * output: severity, message, timestampSeconds, timestampNanos, and the event's own fields.
 */
public final class JsonLog implements TrainingListener {
  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;
  private final InstantSource clock;
  private final Instant processStart;
  private List<String> classNames = List.of();
  private Instant lastStep = Instant.MIN;

  /**
   * @param processStart when the process began, for the time to its first step
   */
  public JsonLog(PrintStream out, InstantSource clock, Instant processStart) {
    this.out = out;
    this.clock = clock;
    this.processStart = processStart;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started(var plan, _) -> {
        classNames = plan.classNames();
        info(
            "Training starts",
            fields(
                "trainingImages", plan.trainingImages(),
                "validationImages", plan.validationImages(),
                "testImages", plan.testImages(),
                "classes", plan.classNames().size(),
                "parameters", plan.parameters(),
                "towers", plan.towers(),
                "bfloat16", plan.bfloat16(),
                "stepsPerEpoch", plan.stepsPerEpoch(),
                "firstEpoch", plan.firstEpoch(),
                "dataDigest", plan.dataDigest(),
                "output", plan.output(),
                "configuration", plan.config()));
      }
      case TrainingEvent.Resumed(var checkpoint, var epoch, var globalStep, _) ->
          info(
              "Continues from a checkpoint",
              fields("checkpoint", checkpoint, "epoch", epoch, "globalStep", globalStep));
      case TrainingEvent.StepFinished step -> step(step);
      case TrainingEvent.EpochFinished(var metrics, var best) ->
          info("Epoch %d finished".formatted(metrics.epoch()), epoch(metrics, best));
      case TrainingEvent.CheckpointSaved(var checkpoint, var globalStep, var seconds) ->
          info(
              "Checkpoint saved",
              fields(
                  "checkpoint", checkpoint,
                  "globalStep", globalStep,
                  "seconds", Metrics.round(seconds)));
      case TrainingEvent.StoppedEarly(var epoch, var best) ->
          info(
              "Stopped early: the validation loss no longer falls",
              fields("epoch", epoch, "bestEpoch", best.epoch()));
      case TrainingEvent.Tested(var evaluation) -> tested(evaluation);
      case TrainingEvent.Warning(var message) -> write("WARNING", message, Map.of());
      case TrainingEvent.Finished(var result) ->
          info(
              "Training finished",
              fields(
                  "testAccuracy", Metrics.round(result.test().accuracy()),
                  "bestEpoch", result.best().epoch(),
                  "model", result.modelUri(),
                  "report", result.reportUri(),
                  "page", result.pageUri(),
                  "seconds", Metrics.round(result.seconds())));
      case TrainingEvent.Interrupted(var epoch, var globalStep) ->
          write(
              "NOTICE",
              "Interrupted; the state is saved",
              fields("epoch", epoch, "globalStep", globalStep));
      case TrainingEvent.Failed(var message) -> write("ERROR", message, Map.of());
    }
  }

  private void step(TrainingEvent.StepFinished step) {
    Instant now = clock.instant();
    boolean first = lastStep.equals(Instant.MIN);
    if (!first && Duration.between(lastStep, now).compareTo(BETWEEN_STEPS) < 0) {
      return;
    }
    lastStep = now;
    Map<String, Object> fields =
        fields(
            "epoch", step.epoch(),
            "step", step.step(),
            "globalStep", step.globalStep(),
            "loss", Metrics.round(step.loss()),
            "accuracy", Metrics.round(step.accuracy()));
    if (first) {
      fields.put("secondsToFirstStep", Duration.between(processStart, now).toMillis() / 1_000.0);
      info("First step done", fields);
    } else {
      fields.put("imagesPerSecond", Metrics.round(step.imagesPerSecond()));
      info("Epoch %d, step %d".formatted(step.epoch(), step.step()), fields);
    }
  }

  /** A line has a size limit: of many classes it tells the worst. */
  private void tested(Evaluation evaluation) {
    ClassificationReport report = ClassificationReport.of(evaluation, classNames);
    boolean all = classNames.size() <= CompactReport.MAXIMUM_CLASSES;
    Map<String, Object> fields =
        fields(
            "testLoss", report.test().loss(),
            "testAccuracy", report.test().accuracy(),
            "macro", report.test().macro(),
            "weighted", report.test().weighted(),
            "perClass",
                all
                    ? report.perClass()
                    : CompactReport.worst(report.perClass(), CompactReport.WORST_CLASSES));
    if (all) {
      fields.put("confusionMatrix", report.confusion().rows());
    }
    info("Tested", fields);
  }

  private static Map<String, Object> epoch(EpochMetrics metrics, EpochMetrics best) {
    return fields(
        "epoch", metrics.epoch(),
        "loss", metrics.loss(),
        "accuracy", metrics.accuracy(),
        "validationLoss", metrics.validationLoss(),
        "validationAccuracy", metrics.validationAccuracy(),
        "learningRate", metrics.learningRate(),
        "imagesPerSecond", metrics.imagesPerSecond(),
        "seconds", metrics.seconds(),
        "bestEpoch", best.epoch());
  }

  private void info(String message, Map<String, Object> fields) {
    write("INFO", message, fields);
  }

  private void write(String severity, String message, Map<String, Object> fields) {
    Instant now = clock.instant();
    Map<String, Object> line =
        fields(
            "severity",
            severity,
            "message",
            message,
            "timestampSeconds",
            now.getEpochSecond(),
            "timestampNanos",
            now.getNano());
    line.putAll(fields);
    try {
      out.println(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A log line has no JSON form", e);
    }
  }

  /** Names and values in turn. */
  private static Map<String, Object> fields(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }
}
