package io.fashionmnist.training.operator.registry;

import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ModelStatus;
import io.fashionmnist.training.operator.registry.Step.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides what is next for a model that is to be registered. Pure.
 *
 * <p>An upload has no name of the caller's choice: what it made is known by its labels. It is
 * looked for before every upload; one that nobody confirmed is not repeated before a list that must
 * show it does not.
 */
public final class Registration {
  /** How long an upload call may take. */
  static final Duration UPLOAD_TIME = Duration.ofSeconds(20);

  /**
   * When a list must show what an upload has made: its call's own time, and what the service takes
   * to copy a model. How long that is at most it does not say; minutes are usual.
   */
  static final Duration SETTLED = UPLOAD_TIME.plus(Duration.ofMinutes(10));

  /** Between two looks at an upload that is under way or in doubt. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** An answer comes by itself; this is for the one that is lost. */
  public static final Duration ANSWER = Duration.ofMinutes(2);

  private Registration() {}

  /**
   * The next step.
   *
   * @param told the condition {@code ModelRegistered}, if there is one
   */
  public static Step next(RegistrySight sight, Optional<Condition> told, Instant now) {
    RegistryPlan plan = sight.plan();
    boolean reportFirst = reportFirst(plan, sight.finding());
    if (plan.obstacle().isPresent() && !reportFirst) {
      var obstacle = plan.obstacle().get();
      return new Step.Tell(
          Answer.NO,
          obstacle.reason(),
          obstacle.message() + trouble(sight.finding()),
          plan.model());
    }
    if (told.filter(each -> each.status().equals(Answer.NOT_YET.text())).isEmpty()) {
      return new Step.Tell(
          Answer.NOT_YET,
          "Registering",
          "the model is being registered as " + plan.modelName(),
          plan.model());
    }
    return reportFirst
        ? report(plan, sight.finding(), told.get(), now)
        : known(plan, sight.finding(), told.get(), now);
  }

  /**
   * The last report may be lost on its way into the status. It is looked for before the first word
   * with the registry, and before a model is not uploaded for want of it.
   */
  private static boolean reportFirst(RegistryPlan plan, Finding finding) {
    if (!plan.reportMayBeInTheBucket() || finding instanceof Finding.Unreported) {
      return false;
    }
    return plan.obstacle().isPresent()
        ? plan.obstacle().get().reason().equals(RegistryPlan.ACCURACY_UNKNOWN)
        : finding instanceof Finding.Unasked
            || finding instanceof Finding.Reported
            || finding instanceof Finding.Unreadable;
  }

  private static Step report(RegistryPlan plan, Finding finding, Condition told, Instant now) {
    return switch (finding) {
      case Finding.Asking _ -> new Step.Wait(ANSWER);
      case Finding.Reported(var report) -> new Step.Report(report);
      case Finding.Unreadable(String message, _) when !message.equals(told.message()) ->
          new Step.Tell(Answer.NOT_YET, "ReportUnreadable", message, plan.model());
      case Finding.Unreadable(_, Instant until) when until.isAfter(now) ->
          new Step.Wait(Duration.between(now, until));
      case Finding.Unasked _,
          Finding.Unreadable _,
          Finding.Unreported _,
          Finding.Absent _,
          Finding.Uploading _,
          Finding.Present _,
          Finding.Complete _,
          Finding.Postponed _,
          Finding.Refused _ ->
          new Step.Ask(new Question.Report());
    };
  }

  private static String trouble(Finding finding) {
    return finding instanceof Finding.Unreported(Optional<String> why)
        ? why.map("; "::concat).orElse("")
        : "";
  }

  private static Step known(RegistryPlan plan, Finding finding, Condition told, Instant now) {
    ModelStatus model = plan.model();
    return switch (finding) {
      case Finding.Asking _ -> new Step.Wait(ANSWER);
      case Finding.Unasked _, Finding.Reported _, Finding.Unreported _, Finding.Unreadable _ ->
          new Step.Ask(question(model));
      case Finding.Refused(String reason, String message) ->
          new Step.Tell(Answer.NO, reason, message, model.notUploaded());
      case Finding.Postponed postponed -> postponed(postponed, model, told, now);
      case Finding.Absent absent -> absent(absent, model, now);
      case Finding.Uploading(String operation, _)
          when model.version() == null && !operation.equals(model.uploadOperation()) ->
          new Step.Tell(
              Answer.NOT_YET,
              "Uploading",
              "Vertex AI takes the model",
              model.uploadedBy(operation));
      case Finding.Uploading(_, Instant askedAt) -> later(askedAt.plus(PAUSE), model, now);
      case Finding.Present(String name, String version) when model.version() == null ->
          new Step.Tell(
              Answer.NOT_YET,
              "Uploaded",
              "version %s of %s is there".formatted(version, name),
              model.registeredAs(name, version));
      case Finding.Present _ -> new Step.Ask(question(model));
      case Finding.Complete(String summary) ->
          new Step.Tell(
              Answer.YES,
              "Registered",
              "version %s of %s%s".formatted(model.version(), model.registryName(), summary),
              model);
    };
  }

  private static Step postponed(
      Finding.Postponed postponed, ModelStatus model, Condition told, Instant now) {
    ModelStatus left = postponed.refused() ? model.notUploaded() : model;
    boolean known =
        left.equals(model)
            && told.reason().equals(postponed.reason())
            && postponed.message().equals(told.message());
    return known
        ? later(postponed.until(), model, now)
        : new Step.Tell(Answer.NOT_YET, postponed.reason(), postponed.message(), left);
  }

  private static Step absent(Finding.Absent absent, ModelStatus model, Instant now) {
    if (model.version() != null) {
      return new Step.Ask(question(model));
    }
    boolean mayBeThere =
        model.uploadTime() != null
            && absent.askedAt().isBefore(Instant.parse(model.uploadTime()).plus(SETTLED));
    if (!mayBeThere) {
      return new Step.Upload(absent.modelExists(), model);
    }
    Instant again = absent.askedAt().plus(PAUSE);
    return again.isAfter(now)
        ? new Step.Wait(Duration.between(now, again))
        : new Step.Ask(new Question.Find());
  }

  private static Step later(Instant then, ModelStatus model, Instant now) {
    return then.isAfter(now)
        ? new Step.Wait(Duration.between(now, then))
        : new Step.Ask(question(model));
  }

  /** What is not known yet of a model that has come so far. */
  private static Question question(ModelStatus model) {
    if (model.version() != null) {
      return new Question.Publish(model.registryName(), model.version());
    }
    return model.uploadOperation() == null
        ? new Question.Find()
        : new Question.Await(model.uploadOperation());
  }
}
