package io.fashionmnist.training.operator.registry;

import io.fashionmnist.training.api.training.TrainingReport;
import java.io.IOException;
import java.util.Optional;

/** Where the reports are that a status lacks. */
@FunctionalInterface
public interface ReportSource {
  /**
   * The last report below an attempt's output; empty if its trainer has written none.
   *
   * @param outputUri such as {@code gs://bucket/prefix/attempt-1}
   * @throws IOException if that can't be told
   */
  Optional<TrainingReport> read(String outputUri) throws IOException;
}
