package io.fashionmnist.training.operator.registry;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.vertex.CustomJobs;
import io.fashionmnist.training.operator.backend.vertex.JobOwner;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Has the Model Registry asked, each time on a thread of its own: no pass waits for it. What it
 * answers is kept until the next question, and the reconciler is told that there is an answer.
 */
public final class Registrar implements AutoCloseable {
  /**
   * What is known, and how often in a row the service could not be asked.
   *
   * @param failures since the last answer
   */
  private record Known(Finding finding, int failures) {}

  private final RegistryAnswers answers;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Executor threads = Thread.ofVirtual().name("registry-", 0)::start;
  private final RegistryNews news = new RegistryNews();
  private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

  /**
   * @param origin whose the models are: the installation, in its cluster
   * @param reports where the reports are that a status lacks
   * @param calls is told of each call to the Model Registry
   */
  public Registrar(
      OperatorSettings settings,
      String origin,
      ReportSource reports,
      OutboundCalls calls,
      InstantSource clock,
      RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    RegistryIdentity identity = new RegistryIdentity(settings.registry().impersonated());
    answers =
        new RegistryAnswers(
            origin,
            new ModelServices(settings.vertex().plaintextEndpoint(), identity, calls),
            new RegistryAdvice(identity.name(), identity.account()),
            reports,
            clock);
  }

  /** What tells that there is an answer. */
  public RegistryNews news() {
    return news;
  }

  /** What is known of a job's registration. */
  public Finding look(FashionTrainingJob job) {
    Known found = known.get(job.getMetadata().getUid());
    return found == null ? new Finding.Unasked() : found.finding();
  }

  /** The report that was found is of no use: it goes on as if there were none. */
  public void unreported(FashionTrainingJob job, String why) {
    known.put(job.getMetadata().getUid(), new Known(new Finding.Unreported(Optional.of(why)), 0));
  }

  /** Forgets what is known: the registration is over. */
  public void forget(FashionTrainingJob job) {
    known.remove(job.getMetadata().getUid());
  }

  /** Has the service asked, unless it is being asked about that job already. */
  public void ask(FashionTrainingJob job, RegistryPlan plan, Question question) {
    String uid = job.getMetadata().getUid();
    Known before = known.getOrDefault(uid, new Known(new Finding.Unasked(), 0));
    if (before.finding() instanceof Finding.Asking) {
      return;
    }
    known.put(uid, new Known(new Finding.Asking(), before.failures()));
    JobOwner owner = CustomJobs.owner(job, plan.attempt().number());
    threads.execute(
        () ->
            owner.logged(
                () -> {
                  Finding answer =
                      answers.answer(
                          owner, plan, question, new Patience(before.failures(), clock, random));
                  // Not if it was forgotten meanwhile: nobody would ask for it again.
                  known.computeIfPresent(
                      uid, (_, _) -> new Known(answer, failures(answer, before.failures())));
                  news.tell(owner);
                }));
  }

  private static int failures(Finding answer, int before) {
    return switch (answer) {
      case Finding.Postponed _, Finding.Unreadable _ -> before + 1;
      case Finding.Unasked _,
          Finding.Asking _,
          Finding.Reported _,
          Finding.Unreported _,
          Finding.Absent _,
          Finding.Uploading _,
          Finding.Present _,
          Finding.Complete _,
          Finding.Refused _ ->
          0;
    };
  }

  @Override
  public void close() {
    answers.close();
  }
}
