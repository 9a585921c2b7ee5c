package io.fashionmnist.training.operator.registry;

import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.UploadModelResponse;
import com.google.longrunning.Operation;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.vertex.CustomJobs;
import io.fashionmnist.training.operator.backend.vertex.JobLabels;
import io.fashionmnist.training.operator.backend.vertex.JobOwner;
import io.fashionmnist.training.operator.backend.vertex.RegionCalls;
import io.fashionmnist.training.operator.backend.vertex.VertexCallException;
import io.fashionmnist.training.operator.backend.vertex.VertexErrors;
import io.fashionmnist.training.operator.backend.vertex.VertexRegion;
import io.fashionmnist.training.operator.backend.vertex.VertexSignal;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Has the Model Registry asked, each time on a thread of its own: no pass waits for it. What it
 * answers is kept until the next question, and the reconciler is told that there is an answer.
 */
public final class Registrar implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Registrar.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final int DOUBLINGS = 6;

  /**
   * What is known, and how often in a row the service could not be asked.
   *
   * @param failures since the last answer
   */
  private record Known(Finding finding, int failures) {}

  private final String origin;
  private final ModelServices services;
  private final RegionCalls calls = new RegionCalls();
  private final VertexErrors errors = new VertexErrors();
  private final RegistryAdvice advice;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Executor threads = Thread.ofVirtual().name("registry-", 0)::start;
  private final RegistryNews news = new RegistryNews();
  private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

  /**
   * @param origin whose the models are: the installation, in its cluster
   * @param calls is told of each call to the Model Registry
   */
  public Registrar(
      OperatorSettings settings,
      String origin,
      OutboundCalls calls,
      InstantSource clock,
      RandomGenerator random) {
    this.origin = origin;
    this.clock = clock;
    this.random = random;
    RegistryIdentity identity = new RegistryIdentity(settings.registry().impersonated());
    services = new ModelServices(settings.vertex().plaintextEndpoint(), identity, calls);
    advice = new RegistryAdvice(identity.name(), identity.account());
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
                  Finding answer = answer(owner, plan, question, before.failures());
                  int failures = answer instanceof Finding.Postponed ? before.failures() + 1 : 0;
                  // Not if it was forgotten meanwhile: nobody would ask for it again.
                  known.computeIfPresent(uid, (_, _) -> new Known(answer, failures));
                  news.tell(owner);
                }));
  }

  private Finding answer(JobOwner owner, RegistryPlan plan, Question question, int failures) {
    ModelRegistry registry =
        new ModelRegistry(services, calls, new VertexRegion(plan.project(), plan.region()));
    boolean uploads = question instanceof Question.Upload;
    try {
      registry.signIn();
      return switch (question) {
        case Question.Find _ -> find(registry, owner, plan);
        case Question.Upload upload -> upload(registry, owner, plan, upload, failures);
        case Question.Await(String operation) ->
            registry
                .operation(operation)
                .map(seen -> progress(seen, plan, failures))
                .orElseGet(() -> find(registry, owner, plan));
        case Question.Publish(String model, String version) ->
            publish(registry, owner, plan, model, version);
      };
    } catch (VertexCallException e) {
      return advice
          .about(e.failure(), plan)
          .<Finding>map(refused -> refused)
          .orElseGet(
              () ->
                  postponed(
                      e.failure().reason(),
                      e.failure().message(),
                      failures,
                      uploads && !e.outcomeUnknown()));
    } catch (IOException e) {
      return advice
          .about(e)
          .<Finding>map(refused -> refused)
          .orElseGet(() -> postponed("NoCredentials", RegistryAdvice.told(e), failures, uploads));
    } catch (RuntimeException e) {
      LOG.errorf(e, "Registering the model of %s/%s", owner.namespace(), owner.name());
      return postponed("OperatorFault", String.valueOf(e), failures, false);
    }
  }

  private Finding find(ModelRegistry registry, JobOwner owner, RegistryPlan plan) {
    Instant askedAt = clock.instant();
    Optional<List<Model>> versions =
        registry.versions(plan.modelName(), JobLabels.filter(origin, owner));
    return versions.orElse(List.of()).stream()
        // Should labels ever be shared between versions, the oldest is the one that was labelled.
        .min(Comparator.comparingLong(Registrar::number))
        .<Finding>map(found -> new Finding.Present(unversioned(found), found.getVersionId()))
        .orElseGet(() -> new Finding.Absent(versions.isPresent(), askedAt));
  }

  private Finding upload(
      ModelRegistry registry,
      JobOwner owner,
      RegistryPlan plan,
      Question.Upload upload,
      int failures) {
    Duration left =
        Duration.between(clock.instant(), upload.intent().plus(Registration.UPLOAD_TIME));
    if (!left.isPositive()) {
      return postponed("TooLate", "the upload could not begin in time", failures, true);
    }
    return registry
        .upload(ModelUpload.request(origin, owner, plan, upload.modelExists()), left)
        .map(begun -> progress(begun, plan, failures))
        .orElseGet(() -> postponed("ModelGone", plan.modelName() + " was deleted", failures, true));
  }

  private Finding progress(Operation operation, RegistryPlan plan, int failures) {
    if (!operation.getDone()) {
      return new Finding.Uploading(operation.getName(), clock.instant());
    }
    if (operation.hasError()) {
      var failure = errors.classify(VertexSignal.ofJob(operation.getError()));
      return advice
          .about(failure, plan)
          .<Finding>map(refused -> refused)
          .orElseGet(() -> postponed(failure.reason(), failure.message(), failures, true));
    }
    try {
      UploadModelResponse made = operation.getResponse().unpack(UploadModelResponse.class);
      return new Finding.Present(made.getModel(), made.getModelVersionId());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("no upload's end: " + operation, e);
    }
  }

  private Finding publish(
      ModelRegistry registry, JobOwner owner, RegistryPlan plan, String model, String version) {
    String name = model + "@" + version;
    List<String> taken = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String alias : plan.spec().aliases().stream().distinct().toList()) {
      // Two jobs may end in another order than they are registered in.
      boolean newer =
          registry
              .version(model + "@" + alias)
              .filter(holder -> number(holder) > Long.parseLong(version))
              .isPresent();
      (newer ? left : taken).add(alias);
    }
    if (!taken.isEmpty()) {
      registry.addAliases(name, taken);
    }
    var evaluation = plan.report().flatMap(report -> EvaluationReport.of(owner, report));
    evaluation.ifPresent(each -> registry.addEvaluation(name, each));
    return new Finding.Complete(
        (taken.isEmpty() ? "" : ", aliases " + String.join(", ", taken))
            + (left.isEmpty() ? "" : "; " + String.join(", ", left) + " stay with a newer version")
            + (evaluation.isPresent() ? "; with its evaluation" : "; without an evaluation"));
  }

  private Finding.Postponed postponed(
      String reason, String message, int failures, boolean refused) {
    double jitter = 1 + random.nextDouble() / 2;
    long millis = (long) ((FIRST_PAUSE.toMillis() << Math.min(DOUBLINGS, failures)) * jitter);
    return new Finding.Postponed(reason, message, clock.instant().plusMillis(millis), refused);
  }

  private static long number(Model version) {
    return Long.parseLong(version.getVersionId());
  }

  private static String unversioned(Model version) {
    return version.getName().replaceFirst("@.*$", "");
  }

  @Override
  public void close() {
    services.close();
  }
}
