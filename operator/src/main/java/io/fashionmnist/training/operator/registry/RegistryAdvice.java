package io.fashionmnist.training.operator.registry;

import io.fashionmnist.training.operator.backend.vertex.VertexFailure;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What someone can do about a failure in the registry. Pure. The same failure of a custom job has
 * another cure: another account is in play, and other fields.
 *
 * @param account who uploads, for people
 * @param impersonated the account that the operator impersonates for it, if there is one
 */
record RegistryAdvice(String account, Optional<String> impersonated) {
  private static final Pattern GENERAL =
      insensitive("has not been used in project|SERVICE_DISABLED|billing|authentication scopes");
  private static final Pattern PERMISSION = insensitive("permission '?([a-z]+\\.[a-zA-Z.]+)'?");
  private static final Pattern BUCKET = insensitive("\\bstorage\\.|\\bbucket\\b|gs://");
  private static final Pattern IMAGE =
      insensitive("\\bimage\\b|docker\\.pkg\\.dev|artifact ?registry");
  private static final Pattern SIGN_IN_REFUSED =
      insensitive("\\b403\\b|\\b404\\b|PERMISSION_DENIED|getAccessToken|NOT_FOUND");

  /**
   * What makes a failure final, with what to do about it; empty for one that may pass.
   *
   * @param plan what was to be registered
   */
  Optional<Finding.Refused> about(VertexFailure failure, RegistryPlan plan) {
    return switch (failure) {
      case VertexFailure.Permission(String general, String message) ->
          Optional.of(refused(failure, permission(general, message, plan)));
      case VertexFailure.Configuration(_, String message) ->
          Optional.of(refused(failure, configuration(message, plan)));
      case VertexFailure.Quota _,
          VertexFailure.QuotaLimitZero _,
          VertexFailure.Stockout _,
          VertexFailure.RateLimited _,
          VertexFailure.Preempted _,
          VertexFailure.UserCode _,
          VertexFailure.OutOfMemory _,
          VertexFailure.ServiceFault _,
          VertexFailure.Unknown _ ->
          Optional.empty();
    };
  }

  /** The same for a token that the operator did not get. */
  Optional<Finding.Refused> about(IOException failure) {
    String told = told(failure);
    return impersonated
        .filter(_ -> SIGN_IN_REFUSED.matcher(told).find())
        .map(
            name ->
                new Finding.Refused(
                    "PermissionDenied",
                    "the operator may not act as %s: %s; grant the operator's account"
                            .formatted(name, told)
                        + " roles/iam.serviceAccountTokenCreator on that account, and check that"
                        + " registry.serviceAccount of its settings is spelled right"));
  }

  /** A failure with its causes, on one line. */
  static String told(Throwable failure) {
    StringBuilder told = new StringBuilder();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage()).replaceAll("\\s+", " ").strip();
      if (told.indexOf(message) < 0) {
        told.append(told.isEmpty() ? "" : ": ").append(message);
      }
    }
    return told.toString();
  }

  private static Finding.Refused refused(VertexFailure failure, String advice) {
    return new Finding.Refused(failure.reason(), "%s; %s".formatted(failure.message(), advice));
  }

  private String permission(String general, String message, RegistryPlan plan) {
    if (GENERAL.matcher(message).find()) {
      return general;
    }
    if (BUCKET.matcher(message).find()) {
      return "grant the Vertex AI service agent of project %s roles/storage.objectViewer on the bucket of %s"
          .formatted(plan.project(), plan.model().uri());
    }
    var missing = PERMISSION.matcher(message);
    return "grant %s roles/aiplatform.user on project %s%s, and check that the project exists"
        .formatted(
            account,
            plan.project(),
            missing.find() ? " (missing: %s)".formatted(missing.group(1)) : "");
  }

  private static String configuration(String message, RegistryPlan plan) {
    if (message.toLowerCase(Locale.ROOT).contains("region") && BUCKET.matcher(message).find()) {
      return "set spec.registry.location to the region of the bucket of " + plan.model().uri();
    }
    if (BUCKET.matcher(message).find()) {
      return "check that %s holds a SavedModel".formatted(plan.model().uri());
    }
    return IMAGE.matcher(message).find()
        ? "check spec.registry.servingImage, and that the Vertex AI service agent of project %s may read it"
            .formatted(plan.project())
        : "change spec.registry";
  }

  private static Pattern insensitive(String pattern) {
    return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
  }
}
