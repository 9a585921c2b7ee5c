package io.fashionmnist.training.emulator.tensorboard;

import com.google.cloud.aiplatform.v1.Tensorboard;
import com.google.cloud.aiplatform.v1.TensorboardExperiment;
import com.google.cloud.aiplatform.v1.TensorboardRun;
import com.google.cloud.aiplatform.v1.TensorboardTimeSeries;
import com.google.cloud.aiplatform.v1.TimeSeriesData;
import com.google.cloud.aiplatform.v1.TimeSeriesDataPoint;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Code;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.resource.Resources;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All instances of all projects. Names are canonical: they have the project's number. */
public final class TensorboardBook {
  private static final int MOST_POINTS = 5_000;

  private final Resources<Tensorboard> tensorboards;
  private final Resources<TensorboardExperiment> experiments;
  private final Resources<TensorboardRun> runs;
  private final Resources<TensorboardTimeSeries> series;
  private final Map<String, TreeMap<Long, TimeSeriesDataPoint>> points = new LinkedHashMap<>();

  /** An empty one. */
  public TensorboardBook(InstantSource clock) {
    tensorboards = new Resources<>(Tensorboard.getDefaultInstance(), clock);
    experiments = new Resources<>(TensorboardExperiment.getDefaultInstance(), clock);
    runs = new Resources<>(TensorboardRun.getDefaultInstance(), clock);
    series = new Resources<>(TensorboardTimeSeries.getDefaultInstance(), clock);
  }

  /** The instances; all else is in one of them. */
  public Resources<Tensorboard> tensorboards() {
    return tensorboards;
  }

  /** The instances' experiments. */
  public Resources<TensorboardExperiment> experiments() {
    return experiments;
  }

  /** The experiments' runs. */
  public Resources<TensorboardRun> runs() {
    return runs;
  }

  /** The runs' time series, without their points. */
  public Resources<TensorboardTimeSeries> series() {
    return series;
  }

  /** Makes a run; its display name must be the only one of its experiment. */
  public synchronized TensorboardRun createRun(String collection, String id, TensorboardRun run) {
    checkDisplayName(
        "TensorboardRun",
        run.getDisplayName(),
        collection,
        runs.below(collection).stream().map(TensorboardRun::getDisplayName));
    return runs.create(collection + "/" + id, run);
  }

  /** Makes a time series; its display name must be the only one of its run. */
  public synchronized TensorboardTimeSeries createSeries(
      String collection, String id, TensorboardTimeSeries added) {
    if (added.getValueTypeValue() == 0) {
      throw ApiException.invalidArgument(
          "Required field is not set: tensorboard_time_series.value_type");
    }
    checkDisplayName(
        "TensorboardTimeSeries",
        added.getDisplayName(),
        collection,
        series.below(collection).stream().map(TensorboardTimeSeries::getDisplayName));
    return series.create(collection + "/" + id, added);
  }

  /** Makes an instance the only default one of its project and region. */
  public synchronized void makeDefault(String name) {
    String collection = name.substring(0, name.lastIndexOf('/'));
    for (Tensorboard each : tensorboards.below(collection)) {
      boolean becomes = each.getName().equals(name);
      if (each.getIsDefault() != becomes) {
        tensorboards.change(
            each.getName(), known -> known.toBuilder().setIsDefault(becomes).build());
      }
    }
  }

  /** Forgets an instance, an experiment, a run or a time series, and all that is below it. */
  public synchronized void delete(String name) {
    tensorboards.forget(name);
    experiments.forget(name);
    runs.forget(name);
    series.forget(name);
    points.keySet().removeIf(each -> !series.has(each));
  }

  /**
   * Writes points of a run; one at the same step of a series is replaced. All of them, or none.
   *
   * @throws ApiException NOT_FOUND for an unknown run or series; INVALID_ARGUMENT for points of
   *     another type, or more than 5,000 of them
   */
  public synchronized void write(String run, Collection<TimeSeriesData> written) {
    runs.get(run);
    if (written.stream().mapToInt(TimeSeriesData::getValuesCount).sum() > MOST_POINTS) {
      throw ApiException.invalidArgument(
          "The number of data points in a write request must be at most " + MOST_POINTS + ".");
    }
    for (TimeSeriesData data : written) {
      TensorboardTimeSeries known = series.get(seriesName(run, data));
      if (known.getValueType() != data.getValueType()) {
        throw ApiException.invalidArgument(
            "The value_type %s does not match that of the TensorboardTimeSeries \"%s\", %s."
                .formatted(data.getValueType(), known.getName(), known.getValueType()));
      }
    }
    written.forEach(data -> append(seriesName(run, data), data));
  }

  /** All points of a series, by their steps. */
  public synchronized TimeSeriesData read(String name) {
    TensorboardTimeSeries known = series.get(name);
    return TimeSeriesData.newBuilder()
        .setTensorboardTimeSeriesId(name.substring(name.lastIndexOf('/') + 1))
        .setValueType(known.getValueType())
        .addAllValues(points.getOrDefault(name, new TreeMap<>()).values())
        .build();
  }

  /** All of it. */
  public synchronized TensorboardSnapshot snapshot() {
    Map<String, TimeSeriesData> kept = new LinkedHashMap<>();
    points.keySet().stream().filter(series::has).forEach(name -> kept.put(name, read(name)));
    return new TensorboardSnapshot(
        tensorboards.all(), experiments.all(), runs.all(), series.all(), kept);
  }

  /** Takes up what was kept. */
  public synchronized void restore(TensorboardSnapshot kept) {
    tensorboards.restore(kept.tensorboards());
    experiments.restore(kept.experiments());
    runs.restore(kept.runs());
    series.restore(kept.series());
    kept.points().forEach((name, data) -> put(name, data.getValuesList()));
  }

  private void append(String name, TimeSeriesData data) {
    put(name, data.getValuesList());
    TreeMap<Long, TimeSeriesDataPoint> all = points.get(name);
    if (all.isEmpty()) {
      return;
    }
    var newest =
        all.values().stream()
            .map(TimeSeriesDataPoint::getWallTime)
            .max(Timestamps.comparator())
            .orElseThrow();
    series.change(
        name,
        known ->
            known.toBuilder()
                .setMetadata(
                    TensorboardTimeSeries.Metadata.newBuilder()
                        .setMaxStep(all.lastKey())
                        .setMaxWallTime(newest))
                .build());
  }

  private void put(String name, List<TimeSeriesDataPoint> values) {
    TreeMap<Long, TimeSeriesDataPoint> all = points.computeIfAbsent(name, _ -> new TreeMap<>());
    values.forEach(point -> all.put(point.getStep(), point));
  }

  private static String seriesName(String run, TimeSeriesData data) {
    return run + "/timeSeries/" + data.getTensorboardTimeSeriesId();
  }

  private static void checkDisplayName(
      String kind, String wanted, String collection, Stream<String> taken) {
    if (wanted.isEmpty()) {
      throw ApiException.invalidArgument("Required field is not set: display_name of a " + kind);
    }
    if (taken.anyMatch(wanted::equals)) {
      throw new ApiException(
          Code.ALREADY_EXISTS,
          ServiceTexts.alreadyExists(kind, collection + " \"" + wanted + "\""));
    }
  }
}
