package io.fashionmnist.training.trainer.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fashionmnist.training.testing.EmulatorProcess;
import io.fashionmnist.training.trainer.report.Events;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.FolderLocator;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Runs as the service has them afterwards; the service is the emulator. */
class ExperimentTrackingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration NO_PATIENCE = Duration.ofMillis(200);
  private static final String NAME = "custom-cnn-32-0.5-20250430123456";
  private static final String ID = "custom-cnn-32-0-5-20250430123456";

  private static EmulatorProcess emulator;

  @TempDir Path directory;
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private String experiment;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(EmulatorProcess.built(), "skipped: vertex-emulator is not built");
    emulator = EmulatorProcess.start();
  }

  @AfterAll
  static void stop() {
    if (emulator != null) {
      emulator.close();
    }
  }

  /** Each test has an experiment of its own. */
  @BeforeEach
  void name(TestInfo test) {
    experiment = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
  }

  @AfterEach
  void heal() throws Exception {
    emulator.heal();
  }

  @Test
  void theWholeRunIsDelivered() throws Exception {
    track(tracking(1, PATIENCE), wholeRun());

    assertThat(warnings).isEmpty();
    JsonNode run = run(ID);
    assertThat(run.get("displayName").asText()).isEqualTo(NAME);
    assertThat(run.get("parentContexts").get(0).asText()).endsWith("/contexts/" + experiment);
    JsonNode metadata = run.get("metadata");
    assertThat(metadata.get("_state").asText()).isEqualTo("COMPLETE");
    assertThat(metadata.get("_params").get("model.filters").asText()).isEqualTo("32,64,128");
    assertThat(metadata.get("_params").get("placement").asText()).isEqualTo("n1-standard-4");
    assertThat(metadata.get("_metrics").has("test.accuracy")).isTrue();
    assertThat(metadata.get("_metrics").has("class.Trouser.recall")).isTrue();
    assertThat(artifact("tb-run").get("metadata").get("resourceName").asText())
        .endsWith("/experiments/" + experiment + "/runs/" + ID);
    assertThat(artifact("matrix").get("metadata").get("confusionMatrix").get("annotationSpecs"))
        .hasSize(3);
    assertThat(steps("validation_loss")).containsExactly(1, 2, 3);
    assertThat(steps("learning_rate")).containsExactly(1, 2, 3);
  }

  @Test
  void aSlowServiceHoldsNobodyUp() throws Exception {
    emulator.fault("{fault: slow, call: GetMetadataStore, delay: 1h}");

    // Were anybody held up, this would not end.
    track(tracking(1, NO_PATIENCE), wholeRun());

    assertThat(warnings)
        .containsExactly(
            "Vertex AI Experiments: not delivered to " + experiment + ": the whole run");
  }

  @Test
  void afterFailuresItGoesOnWhereItWas() throws Exception {
    ExperimentTracking tracking = tracking(1, PATIENCE);
    List<TrainingEvent> events = wholeRun();
    emulator.fault("{fault: permission-denied, call: WriteTensorboardRunData, name: no-curves}");
    track(tracking, events.subList(0, events.size() - 2), false);
    await(() -> !warnings.isEmpty());
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(experiment, "training goes on", "PERMISSION_DENIED", "roles/aiplatform.user");
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("RUNNING");
    long contexts = emulator.calls("CreateContext");
    emulator.heal();

    track(tracking, events.subList(events.size() - 2, events.size()));

    assertThat(warnings).hasSize(1);
    assertThat(emulator.calls("CreateContext")).isEqualTo(contexts);
    assertThat(steps("loss")).containsExactly(1, 2, 3);
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("COMPLETE");
  }

  @Test
  void whatIsMissingAtTheEndIsSaid() throws Exception {
    emulator.fault("{fault: error, call: WriteTensorboardRunData, code: internal, name: never}");

    track(tracking(1, Duration.ofSeconds(5)), wholeRun());

    assertThat(warnings)
        .last()
        .isEqualTo(
            "Vertex AI Experiments: not delivered to "
                + experiment
                + ": epochs 1 to 3, the test results, the state COMPLETE (INTERNAL: Internal error encountered.)");
    assertThat(run(ID).get("metadata").get("_params").has("epochs")).isTrue();
  }

  @Test
  void othersChangesAreKept() throws Exception {
    ExperimentTracking tracking = tracking(1, PATIENCE);
    List<TrainingEvent> events = wholeRun();
    track(tracking, events.subList(0, 3), false);
    await(() -> stepsOrNone("loss").contains(1));
    emulator.patch(
        path(ID), "{\"metadata\": {\"_params\": {\"note\": \"mine\"}, \"_state\": \"RUNNING\"}}");
    // As if somebody changed it each time between reading and writing, but for the last.
    emulator.fault("{fault: error, call: UpdateContext, code: aborted, count: 3}");

    track(tracking, events.subList(3, events.size()));

    assertThat(warnings).isEmpty();
    JsonNode metadata = run(ID).get("metadata");
    assertThat(metadata.get("_state").asText()).isEqualTo("COMPLETE");
    assertThat(metadata.get("_params").get("note").asText()).isEqualTo("mine");
    assertThat(metadata.get("_metrics").has("test.loss")).isTrue();
  }

  @Test
  void aLostAnswerDoublesNothing() throws Exception {
    for (String call :
        List.of(
            "CreateContext",
            "CreateTensorboardRun",
            "CreateArtifact",
            "AddContextChildren",
            "CreateTensorboardTimeSeries",
            "UpdateContext")) {
      emulator.fault(
          "{fault: deadline-exceeded-after-commit, call: %s, count: 1, name: %s}"
              .formatted(call, call.toLowerCase(Locale.ROOT)));
    }

    ExperimentTracking tracking = tracking(1, PATIENCE);
    List<TrainingEvent> events = wholeRun();
    track(tracking, events.subList(0, events.size() - 1), false);
    await(() -> stepsOrNone("loss").size() == 3);
    track(tracking, events.subList(events.size() - 1, events.size()));

    assertThat(runs()).containsExactly(ID);
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("COMPLETE");
    assertThat(steps("loss")).containsExactly(1, 2, 3);
  }

  @Test
  void aRestartContinuesTheRunAndAnotherAttemptIsAnother() throws Exception {
    List<TrainingEvent> events = wholeRun();
    List<TrainingEvent> stopped = new ArrayList<>(events.subList(0, 3));
    stopped.add(new TrainingEvent.Interrupted(2, 12));
    track(tracking(1, PATIENCE), stopped);
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("CANCELLED");

    // The same results, begun at another time.
    List<TrainingEvent> continued = new ArrayList<>(events.subList(0, 2));
    continued.addAll(events.subList(3, events.size()));
    track(tracking("custom-cnn-32-0.5-20260101000000", 1, PATIENCE), continued);
    assertThat(runs()).containsExactly(ID);
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("COMPLETE");
    assertThat(steps("loss")).containsExactly(1, 2, 3);

    track(tracking(2, PATIENCE), List.of(events.get(0), events.get(1), failed()));
    assertThat(runs()).containsExactlyInAnyOrder(ID, ID + "-2");
    JsonNode second = run(ID + "-2");
    assertThat(second.get("metadata").get("_state").asText()).isEqualTo("FAILED");
    assertThat(second.get("metadata").get("_params").get("attempt").asInt()).isEqualTo(2);
    assertThat(second.get("description").asText()).isEqualTo("the loss is not a number");
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatIsNoExperimentIsLeftAlone() throws Exception {
    track(tracking(1, PATIENCE), wholeRun());
    // The run's own context, taken for an experiment.
    experiment = experiment + "-" + ID;

    track(tracking(2, PATIENCE), wholeRun());

    assertThat(warnings)
        .last()
        .asString()
        .contains("the whole run", "is no experiment, but a system.ExperimentRun");
  }

  @Test
  void theNextAttemptEndsTheRunOfOneThatWasKilled() throws Exception {
    List<TrainingEvent> events = wholeRun();
    ExperimentTracking killed = tracking(1, PATIENCE);
    track(killed, events.subList(0, 3), false);
    await(() -> stepsOrNone("loss").contains(1));
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("RUNNING");

    track(after(false, 2), events);

    JsonNode ended = run(ID);
    assertThat(ended.get("metadata").get("_state").asText()).isEqualTo("FAILED");
    assertThat(ended.get("metadata").get("_params").has("epochs")).isTrue();
    assertThat(ended.get("description").asText())
        .isEqualTo("ended without a word; attempt 2 went on");
    assertThat(run(ID + "-2").get("metadata").get("_state").asText()).isEqualTo("COMPLETE");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aSuspendedAttemptsRunIsCancelledAndOneThatHasEndedStaysAsItIs() throws Exception {
    List<TrainingEvent> events = wholeRun();
    track(tracking(1, PATIENCE), events.subList(0, 3), false);
    await(() -> stepsOrNone("loss").contains(1));
    track(after(true, 2), events);
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("CANCELLED");

    // Of the same number it is a branch, and may still train; a run that has ended has ended.
    emulator.patch(path(ID), "{\"metadata\": {\"_state\": \"RUNNING\"}}");
    track(after(false, 1), events);
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("RUNNING");
    emulator.patch(path(ID), "{\"metadata\": {\"_state\": \"COMPLETE\"}}");
    track(after(false, 2), events);
    assertThat(run(ID).get("metadata").get("_state").asText()).isEqualTo("COMPLETE");
  }

  /** An attempt of its own output that goes on from the one in {@link #directory}. */
  private ExperimentTracking after(boolean suspended, int attempt) {
    FolderLocator folders = new FolderLocator(Map.of());
    return tracking(
        NAME,
        attempt,
        folders.locate(directory.resolve("next-" + suspended + attempt).toString()),
        Optional.of(new EarlierRun(folders.locate(directory.toString()), suspended)),
        PATIENCE);
  }

  private ExperimentTracking tracking(int attempt, Duration patience) {
    return tracking(NAME, attempt, patience);
  }

  private ExperimentTracking tracking(String name, int attempt, Duration patience) {
    return tracking(
        name,
        attempt,
        new FolderLocator(Map.of()).locate(directory.toString()),
        Optional.empty(),
        patience);
  }

  private ExperimentTracking tracking(
      String name, int attempt, Folder output, Optional<EarlierRun> earlier, Duration patience) {
    return new ExperimentTracking(
        new TrackingTarget(
            "my-project",
            "us-central1",
            experiment,
            Optional.empty(),
            Map.of("placement", "n1-standard-4"),
            Optional.of(emulator.endpoint())),
        name,
        attempt,
        output,
        earlier,
        Duration.ofMillis(50),
        patience,
        InstantSource.system(),
        warnings::add);
  }

  private static List<TrainingEvent> wholeRun() {
    List<TrainingEvent> events = new ArrayList<>();
    events.add(Events.started());
    events.add(Events.step(1, 1));
    for (int epoch = 1; epoch <= Events.EPOCHS; epoch++) {
      events.add(Events.epoch(epoch));
    }
    events.add(Events.tested());
    events.add(Events.finished());
    return events;
  }

  private static TrainingEvent failed() {
    return new TrainingEvent.Failed("the loss is not a number");
  }

  private static void track(ExperimentTracking tracking, List<TrainingEvent> events) {
    track(tracking, events, true);
  }

  private static void track(
      ExperimentTracking tracking, List<TrainingEvent> events, boolean atTheEnd) {
    events.forEach(tracking::on);
    if (atTheEnd) {
      tracking.close();
    }
  }

  private String path(String id) {
    return store() + "/contexts/" + experiment + "-" + id;
  }

  private static String store() {
    return "projects/my-project/locations/us-central1/metadataStores/default";
  }

  private JsonNode run(String id) throws Exception {
    return emulator.get(path(id));
  }

  private JsonNode artifact(String kind) throws Exception {
    return emulator.get(store() + "/artifacts/" + experiment + "-" + ID + "-" + kind);
  }

  /** Ids of the experiment's runs. */
  private List<String> runs() throws Exception {
    List<String> ids = new ArrayList<>();
    for (JsonNode run : emulator.get(store() + "/contexts").path("contexts")) {
      String id = run.get("name").asText().replaceFirst(".*/contexts/", "");
      if (id.startsWith(experiment + "-")) {
        ids.add(id.substring(experiment.length() + 1));
      }
    }
    return ids;
  }

  private List<Integer> steps(String curve) throws Exception {
    String run = artifact("tb-run").get("metadata").get("resourceName").asText();
    List<Integer> steps = new ArrayList<>();
    for (JsonNode series : emulator.get(run + "/timeSeries").path("tensorboardTimeSeries")) {
      if (series.get("displayName").asText().equals(curve)) {
        JsonNode data = emulator.get(series.get("name").asText() + ":read");
        data.path("timeSeriesData")
            .path("values")
            .forEach(point -> steps.add(point.get("step").asInt()));
      }
    }
    return steps;
  }

  private List<Integer> stepsOrNone(String curve) {
    try {
      return steps(curve);
    } catch (Exception | AssertionError _) {
      // The emulator does not know it yet.
      return List.of();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it never comes").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
