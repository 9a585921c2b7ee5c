package io.fashionmnist.training.emulator.tensorboard;

import com.google.cloud.aiplatform.v1.Tensorboard;
import com.google.cloud.aiplatform.v1.TensorboardExperiment;
import com.google.cloud.aiplatform.v1.TensorboardRun;
import com.google.cloud.aiplatform.v1.TensorboardTimeSeries;
import com.google.cloud.aiplatform.v1.TimeSeriesData;
import java.util.List;
import java.util.Map;

/**
 * All instances and what they hold.
 *
 * @param points of the time series by their names
 */
public record TensorboardSnapshot(
    List<Tensorboard> tensorboards,
    List<TensorboardExperiment> experiments,
    List<TensorboardRun> runs,
    List<TensorboardTimeSeries> series,
    Map<String, TimeSeriesData> points) {
  /** Before anything was made. */
  public static TensorboardSnapshot empty() {
    return new TensorboardSnapshot(List.of(), List.of(), List.of(), List.of(), Map.of());
  }
}
