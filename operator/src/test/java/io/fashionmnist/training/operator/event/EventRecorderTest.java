package io.fashionmnist.training.operator.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.apiserver.ApiServerStub;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
  private final ApiServerStub server = new ApiServerStub();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final EventRecorder events =
      new EventRecorder(server.client(), () -> now, "one", Runnable::run);

  @AfterEach
  void stop() {
    server.close();
  }

  /** The API server refuses a second one of a name, and nobody minds. */
  @Test
  void theSameThingHasTheSameNameWhoeverTellsItAndWhenever() {
    events.record(job("uid"), Reason.WAITING, 1, "no room");
    now = now.plusSeconds(60);
    server.refuses(409, "events \"x\" already exists");
    new EventRecorder(server.client(), () -> now, "two", Runnable::run)
        .record(job("uid"), Reason.WAITING, 1, "no room");

    assertThat(names()).hasSize(2);
    assertThat(names().getFirst()).isEqualTo(names().getLast());
  }

  @Test
  void whatDiffersIsToldAgain() {
    events.record(job("uid"), Reason.WAITING, 1, "no room");
    events.record(job("uid"), Reason.WAITING, 1, "still none");
    events.record(job("uid"), Reason.WAITING, 2, "no room");
    events.record(job("uid"), Reason.RESTARTING, 1, "no room");
    events.record(job("other"), Reason.WAITING, 1, "no room");

    assertThat(names()).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void anEventThatCannotBeRecordedStopsNobody() {
    server.refuses(403, "events is forbidden");
    assertThatCode(() -> events.record(job("uid"), Reason.WAITING, 1, "no room"))
        .doesNotThrowAnyException();

    // Closed, it throws what is no answer of the API server.
    server.client().close();
    assertThatCode(() -> events.record(job("uid"), Reason.WAITING, 1, "no room"))
        .doesNotThrowAnyException();
  }

  /** What was told keeps its time and its order, however late it is recorded. */
  @Test
  void nobodyWaitsForWhatIsRecorded() {
    Queue<Runnable> later = new ArrayDeque<>();
    EventRecorder queued = new EventRecorder(server.client(), () -> now, "one", later::add);

    queued.record(job("uid"), Reason.ATTEMPT_STARTED, 1, "begun");
    now = now.plusSeconds(60);
    queued.record(job("uid"), Reason.TRAINING, 1, "trains");

    assertThat(server.bodies()).isEmpty();
    now = now.plusSeconds(60);
    later.forEach(Runnable::run);
    assertThat(server.bodies())
        .extracting(body -> Serialization.unmarshal(body, Event.class))
        .extracting(Event::getReason, Event::getFirstTimestamp)
        .containsExactly(
            tuple("AttemptStarted", "2026-01-01T00:00:00Z"),
            tuple("Training", "2026-01-01T00:01:00Z"));
  }

  @Test
  void tooManyEventsStopNobody() {
    EventRecorder full =
        new EventRecorder(
            server.client(),
            () -> now,
            "one",
            _ -> {
              throw new RejectedExecutionException("full");
            });

    assertThatCode(() -> full.record(job("uid"), Reason.WAITING, 1, "no room"))
        .doesNotThrowAnyException();
  }

  @Test
  void aLongMessageIsCut() {
    events.record(job("uid"), Reason.FAILED, 1, "x".repeat(5_000));

    assertThat(Serialization.unmarshal(server.bodies().getFirst(), Event.class).getMessage())
        .hasSize(1_000);
  }

  private List<String> names() {
    return server.bodies().stream()
        .map(body -> Serialization.unmarshal(body, Event.class).getMetadata().getName())
        .toList();
  }

  private static FashionTrainingJob job(String uid) {
    FashionTrainingJob job = new FashionTrainingJob();
    job.setMetadata(
        new ObjectMetaBuilder().withName("job").withNamespace("team").withUid(uid).build());
    return job;
  }
}
