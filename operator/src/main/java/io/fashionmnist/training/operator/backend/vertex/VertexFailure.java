package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.operator.backend.AttemptReason;
import java.util.List;
import java.util.Optional;

/** What a failure on Vertex AI means for the attempt. */
public sealed interface VertexFailure {
  /** What the service said, on one line. */
  String message();

  /**
   * The job needs more than is left of a quota.
   *
   * @param metrics the exhausted metrics without the service's name, such as {@code
   *     custom_model_training_cpus}; empty if they were not named
   */
  record Quota(List<String> metrics, String message) implements VertexFailure {
    public Quota {
      metrics = List.copyOf(metrics);
    }
  }

  /** The quota is zero: waiting is of no use until someone raises it. */
  record QuotaLimitZero(List<String> metrics, String message) implements VertexFailure {
    public QuotaLimitZero {
      metrics = List.copyOf(metrics);
    }
  }

  /** The region has no such machines left, whatever the quota. */
  record Stockout(String message) implements VertexFailure {}

  /** Too many requests in a minute: nothing is wrong with the job. */
  record RateLimited(String message) implements VertexFailure {}

  /** The Spot machines were taken away. */
  record Preempted(String message) implements VertexFailure {}

  /**
   * Someone may not do something.
   *
   * @param advice which role on what, or which API
   */
  record Permission(String advice, String message) implements VertexFailure {}

  /**
   * What was asked for can't be.
   *
   * @param advice which field to change
   */
  record Configuration(String advice, String message) implements VertexFailure {}

  /**
   * The trainer's container ended badly.
   *
   * @param exitCode its exit code, if it was told
   */
  record UserCode(Optional<Integer> exitCode, String message) implements VertexFailure {}

  /** The trainer needed more memory than its machine has. */
  record OutOfMemory(String message) implements VertexFailure {}

  /** The service's own trouble: another try may work. */
  record ServiceFault(String message) implements VertexFailure {}

  /** Nothing known. */
  record Unknown(String message) implements VertexFailure {}

  /** The quota metrics that it is about. */
  default List<String> quotaMetrics() {
    return switch (this) {
      case Quota(var metrics, _) -> metrics;
      case QuotaLimitZero(var metrics, _) -> metrics;
      case Stockout _,
          RateLimited _,
          Preempted _,
          Permission _,
          Configuration _,
          UserCode _,
          OutOfMemory _,
          ServiceFault _,
          Unknown _ ->
          List.of();
    };
  }

  /** The failure in one word, for an attempt's reason. */
  default String reason() {
    return switch (this) {
      case Quota _ -> "QuotaExceeded";
      case QuotaLimitZero _ -> "QuotaLimitZero";
      case Stockout _ -> "Stockout";
      case RateLimited _ -> "RateLimited";
      case Preempted _ -> AttemptReason.PREEMPTED;
      case Permission _ -> "PermissionDenied";
      case Configuration _ -> "InvalidConfiguration";
      case UserCode _ -> "TrainerFailed";
      case OutOfMemory _ -> "OutOfMemory";
      case ServiceFault _ -> "ServiceFault";
      case Unknown _ -> "UnknownFailure";
    };
  }

  /** What someone can do about it; empty when nothing but waiting helps or nothing is known. */
  default Optional<String> remedy() {
    return switch (this) {
      case Quota _ ->
          Optional.of(
              "wait, add a placement in another region, or have the quota raised (IAM & Admin >"
                  + " Quotas, service Vertex AI API)");
      case QuotaLimitZero _ ->
          Optional.of(
              "have the quota raised (IAM & Admin > Quotas, service Vertex AI API), or take a"
                  + " placement without it");
      case Stockout _ ->
          Optional.of("add a placement in another region or with another machine type");
      case Permission(var advice, _) -> Optional.of(advice);
      case Configuration(var advice, _) -> Optional.of(advice);
      case OutOfMemory _ ->
          Optional.of(
              "take a machine type with more memory (spec.placements[].vertex.machineType) or a"
                  + " smaller spec.training.batchSize");
      case RateLimited _, Preempted _, UserCode _, ServiceFault _, Unknown _ -> Optional.empty();
    };
  }
}
