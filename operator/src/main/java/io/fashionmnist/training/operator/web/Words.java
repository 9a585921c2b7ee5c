package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.Durations;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** How values are written on a page; what is absent is an empty text. */
final class Words {
  private Words() {}

  static String of(String text) {
    return text == null ? "" : text;
  }

  static String of(Backend backend) {
    return backend == null ? "" : backend.text();
  }

  /** A share of 1 as percent, two decimals. */
  static String percent(Double share) {
    return share == null ? "" : String.format(Locale.ROOT, "%.2f %%", share * 100);
  }

  /** A metric, four decimals. */
  static String number(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.4f", value);
  }

  /** How long ago, the largest unit alone, as kubectl has it: 45s, 12m, 3h, 5d. */
  static String age(Instant then, Instant now) {
    long seconds = Math.max(0, Duration.between(then, now).toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + "m";
    }
    return seconds < 172_800 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }

  /** A time between two instants, such as 1m30s. */
  static String between(Instant start, Instant end) {
    return Durations.text(Duration.between(start, end.isBefore(start) ? start : end));
  }

  /** Seconds as someone else tells them: as many as there may be. */
  static String duration(long seconds) {
    return Durations.text(Duration.ofSeconds(Math.max(0, seconds)));
  }

  static int progress(FashionTrainingJobStatus status) {
    return Optional.ofNullable(status.training()).map(TrainingReport::progressPercentage).orElse(0);
  }

  /** Accuracy on the test images, or on the validation images as long as training lasts. */
  static String accuracy(TrainingReport report) {
    if (report == null) {
      return "";
    }
    if (report.test() != null) {
      return percent(report.test().accuracy());
    }
    EpochMetrics last = report.metrics() == null ? null : report.metrics().last();
    return last == null ? "" : percent(last.validationAccuracy());
  }

  /** What the condition that speaks for the phase says. */
  static String why(FashionTrainingJobStatus status) {
    return status.conditions().stream()
        .filter(condition -> condition.type().equals(speaker(status)))
        .map(Condition::message)
        .map(Words::of)
        .findFirst()
        .orElse("");
  }

  /** A job that waits tells why in the condition Running, which is False then. */
  private static String speaker(FashionTrainingJobStatus status) {
    return switch (JobsPage.phase(status)) {
      case PENDING, QUEUED, RUNNING -> "Running";
      case RESTARTING -> "Restarting";
      case SUSPENDED -> "Suspended";
      case SUCCEEDED -> "Succeeded";
      case FAILED -> "Failed";
    };
  }
}
