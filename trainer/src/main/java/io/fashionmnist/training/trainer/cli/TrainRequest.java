package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.trainer.page.RunSummary.EarlierAttempt;
import io.fashionmnist.training.trainer.tracking.TrackingTarget;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A training run as the user asked for it, checked as far as it can be without data.
 *
 * @param config complete and within its ranges
 * @param runName names the run where nothing else does; see {@link RunName}
 * @param data path or URI of the images and labels
 * @param output path or URI of the results; absent when not given
 * @param resumeFrom paths or URIs of other runs' results: the newest checkpoint of the first that
 *     has one is the start
 * @param classNames names by label; empty to take the data set's own
 * @param attempt which attempt at the same job this is, from 1
 * @param labels what to say in {@code report.html} about this run, in this order
 * @param earlierAttempts the attempts at the same job before this one, for {@code report.html}
 * @param threads CPU threads to train with
 * @param tracking the experiment that the run is tracked in
 * @param terminationLog file for the run's last words, as Kubernetes reads them
 */
public record TrainRequest(
    TrainingConfig config,
    String runName,
    String data,
    Optional<String> output,
    List<String> resumeFrom,
    List<String> classNames,
    int attempt,
    Map<String, String> labels,
    List<EarlierAttempt> earlierAttempts,
    int threads,
    LogFormat logFormat,
    Optional<ProgressReceiver> progress,
    Optional<TrackingTarget> tracking,
    Optional<Path> terminationLog) {

  public TrainRequest {
    resumeFrom = List.copyOf(resumeFrom);
    classNames = List.copyOf(classNames);
    earlierAttempts = List.copyOf(earlierAttempts);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** The output given, or {@code runs/} and the run's name below the working directory. */
  public String outputOrDefault() {
    return output.orElse("runs/" + runName);
  }
}
