package io.fashionmnist.training.operator.registry;

import io.fashionmnist.training.api.training.TrainingReport;
import java.time.Instant;
import java.util.Optional;

/** What this process knows of a model's registration from the service; a restart forgets it. */
public sealed interface Finding {
  /** Nothing was asked yet. */
  record Unasked() implements Finding {}

  /** The service is being asked. */
  record Asking() implements Finding {}

  /** The attempt's report has test results. */
  record Reported(TrainingReport report) implements Finding {}

  /**
   * There is no report with test results, or it was tried for long enough to read one.
   *
   * @param trouble why it could not be told, if that is so
   */
  record Unreported(Optional<String> trouble) implements Finding {}

  /** Whether there is a report could not be told; it is tried again. */
  record Unreadable(String message, Instant until) implements Finding {}

  /**
   * No version of this attempt was listed.
   *
   * @param modelExists whether the model has versions of others
   * @param askedAt when the list was asked for
   */
  record Absent(boolean modelExists, Instant askedAt) implements Finding {}

  /** The upload is under way at the service. */
  record Uploading(String operation, Instant askedAt) implements Finding {}

  /**
   * The version is there.
   *
   * @param model resource name without the version
   */
  record Present(String model, String version) implements Finding {}

  /**
   * The version has its aliases and its evaluation.
   *
   * @param summary of both, for people
   */
  record Complete(String summary) implements Finding {}

  /**
   * The service could not be asked; it is tried again.
   *
   * @param refused whether an upload was surely not carried out
   */
  record Postponed(String reason, String message, Instant until, boolean refused)
      implements Finding {}

  /** It can't be done until someone changes something. */
  record Refused(String reason, String message) implements Finding {}
}
