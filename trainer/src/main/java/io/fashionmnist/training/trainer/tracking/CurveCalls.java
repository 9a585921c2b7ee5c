package io.fashionmnist.training.trainer.tracking;

import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.cloud.aiplatform.v1.ListTensorboardsRequest;
import com.google.cloud.aiplatform.v1.Scalar;
import com.google.cloud.aiplatform.v1.Tensorboard;
import com.google.cloud.aiplatform.v1.TensorboardExperiment;
import com.google.cloud.aiplatform.v1.TensorboardRun;
import com.google.cloud.aiplatform.v1.TensorboardServiceClient;
import com.google.cloud.aiplatform.v1.TensorboardTimeSeries;
import com.google.cloud.aiplatform.v1.TensorboardTimeSeries.ValueType;
import com.google.cloud.aiplatform.v1.TimeSeriesData;
import com.google.cloud.aiplatform.v1.TimeSeriesDataPoint;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is asked of TensorboardService. Each call may be made again: points at the same step replace
 * each other.
 */
final class CurveCalls {
  /** The service takes 5,000 points at once; an epoch has seven. */
  private static final int MOST_EPOCHS = 500;

  /** By which the console knows that an experiment is Vertex AI Experiments' own. */
  private static final Map<String, String> SOURCE =
      Map.of("vertex_tensorboard_experiment_source", "vertex_experiment");

  private final TensorboardServiceClient client;
  private final TrackingTarget target;
  private final Map<String, String> seriesIds = new HashMap<>();

  CurveCalls(TensorboardServiceClient client, TrackingTarget target) {
    this.client = client;
    this.target = target;
  }

  /** The project's default instance, made where there is none. */
  String defaultTensorboard() throws Exception {
    var asked =
        ListTensorboardsRequest.newBuilder()
            .setParent(target.parent())
            .setFilter("is_default=true")
            .build();
    for (Tensorboard known : client.listTensorboards(asked).iterateAll()) {
      return known.getName();
    }
    Operations.await(
        client.createTensorboardAsync(
            target.parent(),
            Tensorboard.newBuilder()
                .setDisplayName("Default Tensorboard")
                .setIsDefault(true)
                .build()));
    return client.listTensorboards(asked).iterateAll().iterator().next().getName();
  }

  /** Makes the run and its experiment where they are not there. */
  String run(String tensorboard, RunIdentity run) {
    String experiment = tensorboard + "/experiments/" + target.experiment();
    try {
      client.createTensorboardExperiment(
          tensorboard,
          TensorboardExperiment.newBuilder()
              .setDisplayName(target.experiment())
              .putAllLabels(SOURCE)
              .build(),
          target.experiment());
    } catch (AlreadyExistsException _) {
      // Another run made it.
    }
    try {
      client.createTensorboardRun(
          experiment, TensorboardRun.newBuilder().setDisplayName(run.name()).build(), run.id());
    } catch (AlreadyExistsException _) {
      // This run was here before.
    }
    return client.getTensorboardRun(experiment + "/runs/" + run.id()).getName();
  }

  /** Writes the points of epochs. */
  void write(String run, List<RunRecord.Epoch> epochs) {
    for (int from = 0; from < epochs.size(); from += MOST_EPOCHS) {
      Map<String, TimeSeriesData.Builder> curves = new LinkedHashMap<>();
      for (RunRecord.Epoch epoch :
          epochs.subList(from, Math.min(epochs.size(), from + MOST_EPOCHS))) {
        RunFacts.curves(epoch.metrics())
            .forEach(
                (name, value) ->
                    curves
                        .computeIfAbsent(name, _ -> TimeSeriesData.newBuilder())
                        .addValues(point(epoch, value)));
      }
      List<TimeSeriesData> data = new ArrayList<>();
      for (Map.Entry<String, TimeSeriesData.Builder> curve : curves.entrySet()) {
        data.add(
            curve
                .getValue()
                .setTensorboardTimeSeriesId(seriesId(run, curve.getKey()))
                .setValueType(ValueType.SCALAR)
                .build());
      }
      client.writeTensorboardRunData(run, data);
    }
  }

  private String seriesId(String run, String name) {
    if (seriesIds.isEmpty()) {
      know(run);
    }
    String known = seriesIds.get(name);
    if (known != null) {
      return known;
    }
    try {
      TensorboardTimeSeries made =
          client.createTensorboardTimeSeries(
              run,
              TensorboardTimeSeries.newBuilder()
                  .setDisplayName(name)
                  .setValueType(ValueType.SCALAR)
                  .setPluginName("scalars")
                  .build());
      seriesIds.put(name, id(made));
    } catch (AlreadyExistsException _) {
      know(run);
    }
    return seriesIds.get(name);
  }

  private void know(String run) {
    client
        .listTensorboardTimeSeries(run)
        .iterateAll()
        .forEach(known -> seriesIds.put(known.getDisplayName(), id(known)));
  }

  private static String id(TensorboardTimeSeries series) {
    return series.getName().substring(series.getName().lastIndexOf('/') + 1);
  }

  private static TimeSeriesDataPoint point(RunRecord.Epoch epoch, double value) {
    return TimeSeriesDataPoint.newBuilder()
        .setStep(epoch.metrics().epoch())
        .setWallTime(
            Timestamp.newBuilder()
                .setSeconds(epoch.ended().getEpochSecond())
                .setNanos(epoch.ended().getNano()))
        .setScalar(Scalar.newBuilder().setValue(value))
        .build();
  }
}
