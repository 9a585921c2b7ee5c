package io.fashionmnist.training.trainer.tracking;

import com.google.cloud.aiplatform.v1.Artifact;
import com.google.cloud.aiplatform.v1.Context;
import java.util.Map;
import java.util.UUID;

/**
 * Makes a run in the service, or finds the one that these results belong to. What the Python SDK
 * and the console expect is made in an order in which no reader meets half a run: it joins its
 * experiment last.
 *
 * @see <a
 *     href="https://cloud.google.com/vertex-ai/docs/experiments/intro-vertex-ai-experiments">Vertex
 *     AI Experiments</a>
 */
final class RunOpening {
  private static final String SCHEMA_VERSION = "0.0.1";
  private static final String EXPERIMENT_SCHEMA = "system.Experiment";
  private static final String TENSORBOARD = "backing_tensorboard_resource";

  /** Label of a context: whose run it is. */
  static final String OWNER = "fashion-training-owner";

  private static final int MOST_NAMES = 20;

  private final TrackingTarget target;
  private final int attempt;
  private final String name;
  private final IdentityFile file;
  private final MetadataCalls metadata;
  private final CurveCalls curves;

  /**
   * @param name of the run, if the results do not belong to one
   * @param file remembers which run they belong to
   */
  RunOpening(
      TrackingTarget target,
      int attempt,
      String name,
      IdentityFile file,
      MetadataCalls metadata,
      CurveCalls curves) {
    this.target = target;
    this.attempt = attempt;
    this.name = name;
    this.file = file;
    this.metadata = metadata;
    this.curves = curves;
  }

  /**
   * Opens the run.
   *
   * @param parameters of the run
   */
  OpenRun open(Map<String, Object> parameters) throws Exception {
    metadata.ensureStore();
    Context experiment = experiment();
    RunIdentity identity = claim(experiment);
    String runName = target.store() + "/contexts/" + contextId(identity);
    String tensorboard = tensorboard(experiment);
    OpenRun run = new OpenRun(identity, runName, curves.run(tensorboard, identity));
    metadata.putArtifact(run.artifact("tb-run"), link(run), runName);
    metadata.update(
        runName,
        Structs.of(Map.of("_params", parameters, "_state", RunRecord.State.RUNNING.name())),
        context -> context.setDescription(""));
    metadata.addChild(experiment.getName(), runName);
    return run;
  }

  private Context experiment() {
    Context experiment =
        metadata.context(
            target.experiment(),
            Context.newBuilder()
                .setDisplayName(target.experiment())
                .setSchemaTitle(EXPERIMENT_SCHEMA)
                .setSchemaVersion(SCHEMA_VERSION)
                .setMetadata(Structs.of(Map.of("experiment_deleted", false)))
                .build());
    if (!experiment.getSchemaTitle().equals(EXPERIMENT_SCHEMA)) {
      throw new IllegalStateException(
          "%s is no experiment, but a %s: choose another name"
              .formatted(experiment.getName(), experiment.getSchemaTitle()));
    }
    return experiment;
  }

  /** Finds a name that is this run's, and writes down which before it is taken. */
  private RunIdentity claim(Context experiment) throws Exception {
    RunIdentity wanted =
        file.read()
            .filter(kept -> kept.belongsTo(target, attempt))
            .orElseGet(() -> RunIdentity.of(target, attempt, name, UUID.randomUUID().toString()));
    RunIdentity identity = wanted;
    for (int number = 2; number <= MOST_NAMES; number++) {
      file.write(identity);
      Context context = metadata.context(contextId(identity), context(identity));
      if (context.getLabelsOrDefault(OWNER, "").equals(identity.owner())) {
        return identity;
      }
      identity = wanted.numbered(target, number);
    }
    throw new IllegalStateException(
        "%s has too many runs named %s".formatted(experiment.getName(), wanted.name()));
  }

  private static Context context(RunIdentity identity) {
    return Context.newBuilder()
        .setDisplayName(identity.name())
        .setSchemaTitle("system.ExperimentRun")
        .setSchemaVersion(SCHEMA_VERSION)
        .putLabels(OWNER, identity.owner())
        .setMetadata(
            Structs.of(
                Map.of(
                    "_params",
                    Map.of(),
                    "_metrics",
                    Map.of(),
                    "_state",
                    RunRecord.State.RUNNING.name())))
        .build();
  }

  /** The one that was asked for, the experiment's, or the project's default one. */
  private String tensorboard(Context experiment) throws Exception {
    String backing =
        experiment
            .getMetadata()
            .getFieldsMap()
            .getOrDefault(TENSORBOARD, com.google.protobuf.Value.getDefaultInstance())
            .getStringValue();
    if (target.tensorboard().isEmpty() && !backing.isEmpty()) {
      return backing;
    }
    String chosen =
        target.tensorboard().isPresent() ? target.tensorboard().get() : curves.defaultTensorboard();
    if (backing.isEmpty()) {
      metadata.update(
          experiment.getName(), Structs.of(Map.of(TENSORBOARD, chosen)), context -> context);
    }
    return chosen;
  }

  /** By which readers find the curves of a run. */
  private Artifact link(OpenRun run) {
    return Artifact.newBuilder()
        .setUri("https://" + VertexClients.endpoint(target) + "/v1/" + run.curves())
        .setSchemaTitle("google.VertexTensorboardRun")
        .setSchemaVersion(SCHEMA_VERSION)
        .setState(Artifact.State.LIVE)
        .setMetadata(
            Structs.of(Map.of("resourceName", run.curves(), "vertex_experiment_tracking", true)))
        .build();
  }

  private String contextId(RunIdentity identity) {
    return target.experiment() + "-" + identity.id();
  }
}
