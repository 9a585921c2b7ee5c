package io.fashionmnist.training.trainer.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.storage.FolderLocator;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class TensorBoardLogTest {
  @TempDir Path logs;
  @TempDir Path local;

  @Test
  void writesEveryEpochsMetricsIntoTheRunsTrainAndValidation() throws IOException {
    List<String> warnings = new ArrayList<>();
    try (FolderLocator folders = new FolderLocator(Map.of());
        TensorBoardLog log =
            new TensorBoardLog(folders.locate(logs.toString()), local, warnings::add)) {
      log.on(epoch(1, 0.9, 0.5));
      log.on(epoch(2, 0.7, 0.4));
    }

    assertThat(warnings).isEmpty();
    assertThat(scalars("train"))
        .containsKeys("epoch_loss@0", "epoch_loss@1", "epoch_learning_rate@1")
        .hasEntrySatisfying("epoch_loss@1", loss -> assertThat(loss).isEqualTo(0.7f, offset(1e-6f)))
        .hasEntrySatisfying(
            "images_per_second@0", speed -> assertThat(speed).isEqualTo(1000f, offset(1e-3f)));
    assertThat(scalars("validation"))
        .containsOnlyKeys("epoch_loss@0", "epoch_loss@1", "epoch_accuracy@0", "epoch_accuracy@1")
        .hasEntrySatisfying(
            "epoch_loss@1", loss -> assertThat(loss).isEqualTo(0.4f, offset(1e-6f)));
  }

  @Test
  void aFolderThatCannotBeWrittenIsAWarning() throws IOException {
    Path file = Files.writeString(logs.resolve("file"), "in the way");
    List<String> warnings = new ArrayList<>();
    try (FolderLocator folders = new FolderLocator(Map.of());
        TensorBoardLog log =
            new TensorBoardLog(folders.locate(file.toString()), local, warnings::add)) {
      log.on(epoch(1, 0.9, 0.5));
      log.on(epoch(2, 0.7, 0.4));
    }

    assertThat(warnings).hasSize(1).first().asString().contains("TensorBoard");
  }

  private static TrainingEvent epoch(int number, double loss, double validationLoss) {
    EpochMetrics metrics =
        new EpochMetrics(number, loss, 0.6, validationLoss, 0.8, 0.001, 1000.0, 10.0);
    return new TrainingEvent.EpochFinished(metrics, metrics);
  }

  /** Values by tag and step, out of a run's event files. */
  private Map<String, Float> scalars(String run) throws IOException {
    Map<String, Float> values = new TreeMap<>();
    try (Stream<Path> files = Files.list(logs.resolve(run))) {
      for (Path file : files.toList()) {
        for (Event event : events(file)) {
          for (Summary.Value value : event.getSummary().getValueList()) {
            values.put(value.getTag() + "@" + event.getStep(), number(value));
          }
        }
      }
    }
    return values;
  }

  private static float number(Summary.Value value) {
    return value.hasTensor()
        ? ByteBuffer.wrap(value.getTensor().getTensorContent().toByteArray())
            .order(ByteOrder.LITTLE_ENDIAN)
            .getFloat()
        : value.getSimpleValue();
  }

  /** TFRecord: length, its checksum, content, its checksum; little-endian. */
  private static List<Event> events(Path file) {
    List<Event> events = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      while (in.available() > 0) {
        long length = Long.reverseBytes(in.readLong());
        in.skipNBytes(Integer.BYTES);
        events.add(Event.parseFrom(in.readNBytes(Math.toIntExact(length))));
        in.skipNBytes(Integer.BYTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return events;
  }
}
