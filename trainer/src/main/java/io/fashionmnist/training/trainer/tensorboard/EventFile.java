package io.fashionmnist.training.trainer.tensorboard;

import java.nio.file.Path;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
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
