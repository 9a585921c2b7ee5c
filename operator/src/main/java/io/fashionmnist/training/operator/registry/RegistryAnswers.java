package io.fashionmnist.training.operator.registry;

import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.UploadModelResponse;
import com.google.longrunning.Operation;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fashionmnist.training.operator.backend.vertex.JobLabels;
import io.fashionmnist.training.operator.backend.vertex.JobOwner;
import io.fashionmnist.training.operator.backend.vertex.RegionCalls;
import io.fashionmnist.training.operator.backend.vertex.VertexCallException;
import io.fashionmnist.training.operator.backend.vertex.VertexErrors;
import io.fashionmnist.training.operator.backend.vertex.VertexRegion;
import io.fashionmnist.training.operator.backend.vertex.VertexSignal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Answers questions by calls to the Model Registry and to Cloud Storage; blocks its caller. */
final class RegistryAnswers implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RegistryAnswers.class);

  private final String origin;
  private final ModelServices services;
  private final RegistryAdvice advice;
  private final ReportSource reports;
  private final InstantSource clock;
  private final RegionCalls calls = new RegionCalls();
  private final VertexErrors errors = new VertexErrors();

  /**
   * @param origin whose the models are: the installation, in its cluster
   * @param reports where the reports are that a status lacks
   */
  RegistryAnswers(
      String origin,
      ModelServices services,
      RegistryAdvice advice,
      ReportSource reports,
      InstantSource clock) {
    this.origin = origin;
    this.services = services;
    this.advice = advice;
    this.reports = reports;
    this.clock = clock;
  }

  /** The answer; whatever fails is one, too. */
  Finding answer(JobOwner owner, RegistryPlan plan, Question question, Patience patience) {
    if (question instanceof Question.Report) {
      return report(plan, patience);
    }
    ModelRegistry registry =
        new ModelRegistry(services, calls, new VertexRegion(plan.project(), plan.region()));
    boolean uploads = question instanceof Question.Upload;
    try {
      registry.signIn();
      return switch (question) {
        case Question.Find _ -> find(registry, owner, plan);
        case Question.Upload upload -> upload(registry, owner, plan, upload, patience);
        case Question.Await(String operation) ->
            registry
                .operation(operation)
                .map(seen -> progress(seen, plan, patience))
                .orElseGet(() -> find(registry, owner, plan));
        case Question.Publish(String model, String version) ->
            publish(registry, owner, plan, model, version);
        case Question.Report _ -> report(plan, patience);
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
                      patience,
                      uploads && !e.outcomeUnknown()));
    } catch (IOException e) {
      return advice
          .about(e)
          .<Finding>map(refused -> refused)
          .orElseGet(() -> postponed("NoCredentials", RegistryAdvice.told(e), patience, uploads));
    } catch (RuntimeException e) {
      LOG.errorf(e, "Registering the model of %s/%s", owner.namespace(), owner.name());
      return postponed("OperatorFault", String.valueOf(e), patience, false);
    }
  }

  private Finding find(ModelRegistry registry, JobOwner owner, RegistryPlan plan) {
    Instant askedAt = clock.instant();
    Optional<List<Model>> versions =
        registry.versions(plan.modelName(), JobLabels.filter(origin, owner));
    return versions.orElse(List.of()).stream()
        // Should labels ever be shared between versions, the oldest is the one that was labelled.
        .min(Comparator.comparingLong(RegistryAnswers::number))
        .<Finding>map(found -> new Finding.Present(unversioned(found), found.getVersionId()))
        .orElseGet(() -> new Finding.Absent(versions.isPresent(), askedAt));
  }

  private Finding upload(
      ModelRegistry registry,
      JobOwner owner,
      RegistryPlan plan,
      Question.Upload upload,
      Patience patience) {
    Duration left =
        Duration.between(clock.instant(), upload.intent().plus(Registration.UPLOAD_TIME));
    if (!left.isPositive()) {
      return postponed("TooLate", "the upload could not begin in time", patience, true);
    }
    return registry
        .upload(ModelUpload.request(origin, owner, plan, upload.modelExists()), left)
        .map(begun -> progress(begun, plan, patience))
        .orElseGet(() -> postponed("ModelGone", plan.modelName() + " was deleted", patience, true));
  }

  private Finding progress(Operation operation, RegistryPlan plan, Patience patience) {
    if (!operation.getDone()) {
      return new Finding.Uploading(operation.getName(), clock.instant());
    }
    if (operation.hasError()) {
      var failure = errors.classify(VertexSignal.ofJob(operation.getError()));
      return advice
          .about(failure, plan)
          .<Finding>map(refused -> refused)
          .orElseGet(() -> postponed(failure.reason(), failure.message(), patience, true));
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

  private Finding report(RegistryPlan plan, Patience patience) {
    String folder = plan.attempt().outputUri();
    try {
      return reports
          .read(folder)
          .filter(each -> each.test() != null && plan.mine(each))
          .<Finding>map(Finding.Reported::new)
          .orElseGet(() -> new Finding.Unreported(Optional.empty()));
    } catch (IOException | RuntimeException e) {
      String told = "report.json in %s can't be read: %s".formatted(folder, RegistryAdvice.told(e));
      return patience.exhausted()
          ? new Finding.Unreported(Optional.of(told))
          : new Finding.Unreadable(told, patience.again());
    }
  }

  private static Finding.Postponed postponed(
      String reason, String message, Patience patience, boolean refused) {
    return new Finding.Postponed(reason, message, patience.again(), refused);
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
