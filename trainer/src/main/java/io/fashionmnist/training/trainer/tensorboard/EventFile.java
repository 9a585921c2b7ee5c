package io.fashionmnist.training.trainer.tensorboard;

import java.nio.file.Path;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.summary.WriteImageSummary;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** An event file that TensorBoard reads, for one run of it. */
final class EventFile implements AutoCloseable {
  private static final int QUEUE = 100;
  private static final int FLUSH_MILLIS = 120_000;

  private final EagerSession session = EagerSession.create();
  private final Ops tf = Ops.create(session);
  private final Operand<? extends TType> writer;

  /**
   * Begins a new file; others in the same directory stay, and TensorBoard reads them as one.
   *
   * @param name tells the writers of one process apart
   */
  EventFile(Path directory, String name) {
    writer = tf.summary.summaryWriter(org.tensorflow.op.summary.SummaryWriter.sharedName(name));
    tf.summary.createSummaryFileWriter(
        writer,
        tf.constant(directory.toString()),
        tf.constant(QUEUE),
        tf.constant(FLUSH_MILLIS),
        tf.constant(""));
  }

  void scalar(String tag, long step, double value) {
    tf.summary.writeScalarSummary(
        writer, tf.constant(step), tf.constant(tag), tf.constant((float) value));
  }

  /** Writes a picture, which TensorFlow encodes as PNG. */
  void image(String tag, long step, ConfusionPicture picture) {
    try (TUint8 pixels =
        TUint8.tensorOf(
            Shape.of(1, picture.side(), picture.side(), ConfusionPicture.CHANNELS),
            DataBuffers.of(picture.pixels(), true, false))) {
      tf.summary.writeImageSummary(
          writer,
          tf.constant(step),
          tf.constant(tag),
          tf.constantOf(pixels),
          // For what is no number; no byte is.
          tf.constantOf(TUint8.vectorOf((byte) 0, (byte) 0, (byte) 0, (byte) 0)),
          WriteImageSummary.maxImages(1L));
    }
  }

  /** Writes a graph, given as a serialized GraphDef. */
  void graph(byte[] definition) {
    try (TString serialized = TString.tensorOfBytes(NdArrays.scalarOfObject(definition))) {
      tf.summary.writeGraphSummary(writer, tf.constant(0L), tf.constantOf(serialized));
    }
  }

  /** Brings what was written to the file. */
  void flush() {
    tf.summary.flushSummaryWriter(writer);
  }

  @Override
  public void close() {
    tf.summary.closeSummaryWriter(writer);
    session.close();
  }
}
