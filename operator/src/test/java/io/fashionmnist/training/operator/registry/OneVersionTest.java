package io.fashionmnist.training.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ModelStatus;
import io.fashionmnist.training.operator.config.OperatorSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The decision in a small world with a clock of its own: answers that are lost, lists that lag,
 * processes that end between any two steps.
 */
class OneVersionTest {
  private static final OperatorSettings SETTINGS = SucceededJobs.settings();

  /** One version per attempt, wherever the operator is killed and whatever the service answers. */
  @Property
  void atMostOneVersionIsEverUploaded(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 150; step++) {
      world.step(true);
      assertThat(world.uploads).as("uploads after step %d", step).isLessThanOrEqualTo(1);
    }
  }

  /** Left in peace, every model is registered. */
  @Property
  void leftInPeaceTheModelIsRegistered(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 40; step++) {
      world.step(true);
    }
    for (int step = 0; step < 600 && world.job.awaitsRegistration(); step++) {
      world.step(false);
    }
    assertThat(world.condition().orElseThrow().status()).isEqualTo("True");
    assertThat(world.job.getStatus().model().version()).isEqualTo("7");
    assertThat(world.uploads).isEqualTo(1);
  }

  /** Nothing is written twice: a pass that sees the same tells nothing new. */
  @Property
  void theSamePassTwiceWritesOnce(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 80; step++) {
      world.step(true);
      if (world.job.awaitsRegistration() && world.next() instanceof Step.Tell told) {
        world.write(told.answer(), told.reason(), told.message(), told.model());
        assertThat(world.job.awaitsRegistration() && told.equals(world.next())).isFalse();
      }
    }
  }

  private static final class World {
    private final Random random;
    private final FashionTrainingJob job;
    private Instant clock = Instant.parse("2026-01-01T00:00:00Z");
    private Finding finding = new Finding.Unasked();

    /** What the service has made; each upload that it carries out counts. */
    private int uploads;

    private Optional<Instant> doneAt = Optional.empty();
    private Optional<Instant> listedFrom = Optional.empty();
    private final Map<String, Question> asked = new HashMap<>();

    World(Random random) {
      this.random = random;
      String spec =
          random.nextBoolean()
              ? "registry: {modelId: m, minimumAccuracy: 0.7}"
              : "registry: {modelId: m}";
      job = random.nextBoolean() ? SucceededJobs.job(spec) : SucceededJobs.job(spec, "");
    }

    Optional<Condition> condition() {
      return job.getStatus().condition(FashionTrainingJob.MODEL_REGISTERED);
    }

    Step next() {
      return Registration.next(
          new RegistrySight(RegistryPlan.of(job, SETTINGS), finding), condition(), clock);
    }

    void step(boolean trouble) {
      clock = clock.plusMillis(random.nextInt(trouble ? 60_000 : 8_000));
      if (trouble && random.nextInt(6) == 0) {
        // A process ends: what it knew is gone, what it asked is carried out or not.
        asked.values().forEach(question -> carryOut(question, true));
        asked.clear();
        finding = new Finding.Unasked();
      }
      asked.values().forEach(question -> finding = carryOut(question, trouble));
      asked.clear();
      if (!job.awaitsRegistration()) {
        return;
      }
      boolean killed = trouble && random.nextInt(8) == 0;
      switch (next()) {
        case Step.Wait _ -> {}
        case Step.Report(var report) -> job.setStatus(job.getStatus().withTraining(report));
        case Step.Ask(Question question) -> ask(question);
        case Step.Tell(var answer, var reason, var message, var model) ->
            write(answer, reason, message, model);
        case Step.Upload(boolean modelExists, ModelStatus model) -> {
          Instant intent = clock;
          write(Step.Answer.NOT_YET, "Uploading", "", model.uploadedAt(intent.toString()));
          if (killed) {
            finding = new Finding.Unasked();
          } else {
            ask(new Question.Upload(modelExists, intent));
          }
        }
      }
    }

    private void ask(Question question) {
      finding = new Finding.Asking();
      asked.put("", question);
    }

    void write(Step.Answer answer, String reason, String message, ModelStatus model) {
      job.setStatus(
          job.getStatus()
              .with(
                  new Condition(
                      FashionTrainingJob.MODEL_REGISTERED,
                      answer.text(),
                      3L,
                      clock.toString(),
                      reason,
                      message),
                  model));
    }

    private Finding carryOut(Question question, boolean trouble) {
      int luck = trouble ? random.nextInt(10) : 9;
      boolean reached = luck > 1;
      Finding fault =
          new Finding.Postponed("ServiceFault", "trouble " + luck, clock.plusSeconds(5), false);
      if (!reached && !(question instanceof Question.Upload)) {
        return fault;
      }
      return switch (question) {
        case Question.Report _ -> report(luck);
        case Question.Find _ -> find();
        case Question.Await _ ->
            luck == 2
                ? find()
                : doneAt.filter(done -> !done.isAfter(clock)).isPresent()
                    ? new Finding.Present("models/m", "7")
                    : new Finding.Uploading("op", clock);
        case Question.Publish _ -> new Finding.Complete("");
        case Question.Upload upload -> {
          if (luck == 0) {
            yield new Finding.Postponed("RateLimited", "busy", clock.plusSeconds(5), true);
          }
          if (clock.isAfter(upload.intent().plus(Registration.UPLOAD_TIME))) {
            yield luck < 5
                ? fault
                : new Finding.Postponed("TooLate", "too late", clock.plusSeconds(5), true);
          }
          uploads++;
          Duration takes = Duration.ofSeconds(random.nextInt(500));
          doneAt = Optional.of(clock.plus(takes));
          listedFrom = doneAt.map(done -> done.plusSeconds(random.nextInt(30)));
          yield luck < 5 ? fault : new Finding.Uploading("op", clock);
        }
      };
    }

    private Finding report(int luck) {
      return luck < 5
          ? new Finding.Unreadable("trouble " + luck, clock.plusSeconds(5))
          : new Finding.Reported(SucceededJobs.job("").getStatus().training());
    }

    private Finding find() {
      return listedFrom.filter(from -> !from.isAfter(clock)).isPresent()
          ? new Finding.Present("models/m", "7")
          : new Finding.Absent(false, clock);
    }
  }
}
