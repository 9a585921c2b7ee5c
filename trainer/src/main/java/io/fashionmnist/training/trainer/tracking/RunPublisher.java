package io.fashionmnist.training.trainer.tracking;

import com.google.cloud.aiplatform.v1.Artifact;
import io.fashionmnist.training.trainer.evaluation.ClassificationReport;
import io.fashionmnist.training.trainer.storage.Folder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the service up to what is known of a run, and remembers how far it came: after a failure
 * it goes on where it was. Called on one thread; only {@link #missing} and {@link #close} may be
 * asked on another.
 */
final class RunPublisher implements AutoCloseable {
  private static final int LONGEST_ERROR = 500;

  /**
   * What the service has.
   *
   * @param epochs how many of this process's
   * @param results whether the test results and the final metrics
   */
  private record Delivered(
      Optional<OpenRun> run, int epochs, boolean results, RunRecord.State state) {}

  private final TrackingTarget target;
  private final int attempt;
  private final String name;
  private final IdentityFile file;
  private final Closing predecessor;

  /** Made on the thread that publishes, closed on another. */
  private Optional<VertexClients> clients = Optional.empty();

  private boolean closed;
  private Optional<CurveCalls> curves = Optional.empty();
  private volatile Delivered delivered =
      new Delivered(Optional.empty(), 0, false, RunRecord.State.RUNNING);

  /**
   * @param earlier the attempt that this one goes on from
   */
  RunPublisher(
      TrackingTarget target,
      int attempt,
      String name,
      Folder output,
      Optional<EarlierRun> earlier) {
    this.target = target;
    this.attempt = attempt;
    this.name = name;
    this.file = new IdentityFile(output);
    this.predecessor = new Closing(earlier, attempt);
  }

  /**
   * Delivers what the service does not have yet.
   *
   * @throws Exception for the first call that fails; what came before it is delivered
   */
  void publish(RunRecord record) throws Exception {
    if (record.plan().isEmpty()) {
      return;
    }
    VertexClients connected = clients();
    MetadataCalls metadata = new MetadataCalls(connected.metadata(), target);
    CurveCalls calls = curves(connected);
    Delivered before = delivered;
    if (before.run().isEmpty()) {
      OpenRun opened =
          new RunOpening(target, attempt, name, file, metadata, calls)
              .open(RunFacts.parameters(record.plan().get(), attempt, target.parameters()));
      delivered = new Delivered(Optional.of(opened), 0, false, RunRecord.State.RUNNING);
    }
    OpenRun run = delivered.run().orElseThrow();
    List<RunRecord.Epoch> epochs =
        record.epochs().subList(delivered.epochs(), record.epochs().size());
    if (!epochs.isEmpty()) {
      calls.write(run.curves(), epochs);
      delivered =
          new Delivered(
              delivered.run(), record.epochs().size(), delivered.results(), delivered.state());
    }
    conclude(metadata, run, record);
    predecessor.close(metadata);
  }

  private void conclude(MetadataCalls metadata, OpenRun run, RunRecord record) {
    boolean results = record.report().isPresent() && !delivered.results();
    if (!results && record.state() == delivered.state()) {
      return;
    }
    Map<String, Object> update = new LinkedHashMap<>();
    update.put("_state", record.state().name());
    if (results) {
      ClassificationReport report = record.report().get();
      metadata.putArtifact(run.artifact("matrix"), matrix(report, record), run.context());
      update.put("_metrics", RunFacts.metrics(report, record.best().orElseThrow()));
    }
    metadata.update(
        run.context(),
        Structs.of(update),
        context ->
            record.error().map(error -> context.setDescription(shortened(error))).orElse(context));
    delivered =
        new Delivered(
            delivered.run(), delivered.epochs(), delivered.results() || results, record.state());
  }

  private static Artifact matrix(ClassificationReport report, RunRecord record) {
    return Artifact.newBuilder()
        .setDisplayName("test")
        .setSchemaTitle("google.ClassificationMetrics")
        .setState(Artifact.State.LIVE)
        .setMetadata(
            Structs.of(RunFacts.classification(report, record.plan().orElseThrow().classNames())))
        .build();
  }

  /** What of a record the service does not have, in words; empty if it has all. */
  Optional<String> missing(RunRecord record) {
    Delivered now = delivered;
    if (record.plan().isEmpty()) {
      return Optional.empty();
    }
    if (now.run().isEmpty()) {
      return Optional.of("the whole run");
    }
    List<String> all = new ArrayList<>();
    List<RunRecord.Epoch> epochs = record.epochs().subList(now.epochs(), record.epochs().size());
    if (!epochs.isEmpty()) {
      int first = epochs.getFirst().metrics().epoch();
      int last = epochs.getLast().metrics().epoch();
      all.add(first == last ? "epoch " + first : "epochs " + first + " to " + last);
    }
    if (record.report().isPresent() && !now.results()) {
      all.add("the test results");
    }
    if (record.state() != now.state()) {
      all.add("the state " + record.state());
    }
    return Optional.of(String.join(", ", all)).filter(words -> !words.isEmpty());
  }

  private CurveCalls curves(VertexClients connected) {
    if (curves.isEmpty()) {
      curves = Optional.of(new CurveCalls(connected.tensorboards(), target));
    }
    return curves.get();
  }

  private synchronized VertexClients clients() throws IOException {
    if (closed) {
      throw new IOException("nothing is delivered any more");
    }
    if (clients.isEmpty()) {
      clients = Optional.of(VertexClients.of(target));
    }
    return clients.get();
  }

  private static String shortened(String error) {
    return error.length() > LONGEST_ERROR ? error.substring(0, LONGEST_ERROR) : error;
  }

  @Override
  public synchronized void close() {
    closed = true;
    clients.ifPresent(VertexClients::close);
  }
}
