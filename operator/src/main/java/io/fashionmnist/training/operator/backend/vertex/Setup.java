package io.fashionmnist.training.operator.backend.vertex;

import com.google.rpc.Code;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is set up wrongly, and who changes what. Each rule reads one line and says what to do; the
 * first that fits counts. {@code $1} in an advice is what the pattern's first group caught.
 */
final class Setup {
  private static final String ROLE =
      "grant the operator's account roles/aiplatform.user on the project";
  private static final String PLACEMENT = "spec.placements[].vertex.";

  private enum Kind {
    PERMISSION,
    CONFIGURATION
  }

  private record Rule(Pattern pattern, Kind kind, String advice) {
    static Rule permission(String pattern, String advice) {
      return new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), Kind.PERMISSION, advice);
    }

    static Rule configuration(String pattern, String advice) {
      return new Rule(
          Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), Kind.CONFIGURATION, advice);
    }

    Optional<VertexFailure> fault(String line) {
      Matcher found = pattern.matcher(line);
      if (!found.find()) {
        return Optional.empty();
      }
      String caught = found.groupCount() > 0 && found.group(1) != null ? found.group(1) : "";
      return Optional.of(failure(kind, advice.replace("$1", caught), line));
    }
  }

  private static final List<Rule> RULES =
      List.of(
          Rule.permission(
              "permission to act as service.?account:? ?(\\S+?)(?=[.]? |[.]?$)",
              "grant the operator's account roles/iam.serviceAccountUser on the service account"
                  + " $1, and check that "
                  + PLACEMENT
                  + "serviceAccount is spelled right"),
          Rule.permission(
              "API has not been used in project (?:\\S+) before or it is disabled|SERVICE_DISABLED",
              "enable aiplatform.googleapis.com in the project: gcloud services enable"
                  + " aiplatform.googleapis.com"),
          Rule.permission(
              "requires billing to be enabled|BILLING_DISABLED",
              "link the project to a billing account"),
          Rule.permission(
              "insufficient authentication scopes|ACCESS_TOKEN_SCOPE_INSUFFICIENT",
              "give the operator's credentials the scope"
                  + " https://www.googleapis.com/auth/cloud-platform"),
          Rule.configuration(
              "location ID doesn.t match the endpoint",
              "the operator's configured endpoint is another region's: change the operator's Vertex"
                  + " endpoint or "
                  + PLACEMENT
                  + "region"),
          Rule.configuration(
              "accelerator \\S+ is not supported|accelerator.?type.* not supported",
              "change " + PLACEMENT + "acceleratorType, or machineType to one that takes it"),
          Rule.configuration(
              "machine.?type \\S+ is not supported|machine.?type.* not (supported|available)",
              "change " + PLACEMENT + "machineType to one that Vertex AI has in the region"),
          Rule.configuration(
              "bucket.*(same regional location|in location)|must be in the same regional location",
              "take a bucket in the job's region: spec.output.uri, or "
                  + PLACEMENT
                  + "outputUri for this placement alone"),
          Rule.configuration(
              "bucket.* (does not|doesn.t) exist",
              "create the bucket, or change spec.output.uri or " + PLACEMENT + "outputUri"),
          Rule.permission(
              "(storage\\.[a-zA-Z.]+) access|(?:permission|access).*\\b(?:bucket|gs://)",
              "grant the training service account roles/storage.objectUser on the bucket"),
          Rule.configuration(
              "\\b(?:image|artifact ?registry|docker\\.pkg\\.dev)\\b.*(?:pull|not found|denied"
                  + "|does not exist|doesn.t exist|unauthorized)|(?:pull|find|fetch)\\w* .*\\bimage\\b",
              "check spec.trainer.image, and grant the project's Vertex AI service agents"
                  + " roles/artifactregistry.reader on its repository"),
          Rule.permission(
              "permission '?([a-z]+\\.[a-zA-Z.]+)'? denied",
              ROLE + " (missing: $1), and check that " + PLACEMENT + "project exists"),
          Rule.configuration(
              "404.*text/html|text/html.*404",
              "nothing of Vertex AI answers there: check "
                  + PLACEMENT
                  + "region and the operator's"
                  + " Vertex endpoint"),
          Rule.configuration("\\bnetwork\\b", "check " + PLACEMENT + "network"));

  /** What is wrong, if that can be told; a code alone tells only whose affair it is. */
  Optional<VertexFailure> fault(VertexSignal signal, String line) {
    boolean setup =
        switch (signal.code()) {
          case INVALID_ARGUMENT,
              NOT_FOUND,
              ALREADY_EXISTS,
              PERMISSION_DENIED,
              UNAUTHENTICATED,
              FAILED_PRECONDITION,
              OUT_OF_RANGE,
              UNIMPLEMENTED,
              UNKNOWN,
              OK ->
              true;
          case CANCELLED,
              DEADLINE_EXCEEDED,
              RESOURCE_EXHAUSTED,
              ABORTED,
              INTERNAL,
              UNAVAILABLE,
              DATA_LOSS,
              UNRECOGNIZED ->
              false;
        };
    if (!setup) {
      return Optional.empty();
    }
    String told = line + signal.reason().map(reason -> " " + reason).orElse("");
    return RULES.stream()
        .flatMap(rule -> rule.fault(told).stream())
        .findFirst()
        .map(failure -> said(failure, line))
        .or(() -> byCode(signal.code(), line));
  }

  private static VertexFailure said(VertexFailure failure, String line) {
    return failure instanceof VertexFailure.Permission(var advice, _)
        ? new VertexFailure.Permission(advice, line)
        : new VertexFailure.Configuration(failure.remedy().orElseThrow(), line);
  }

  private static Optional<VertexFailure> byCode(Code code, String line) {
    return switch (code) {
      case PERMISSION_DENIED -> Optional.of(failure(Kind.PERMISSION, ROLE, line));
      case UNAUTHENTICATED ->
          Optional.of(
              failure(
                  Kind.PERMISSION,
                  "give the operator's pod Google credentials: bind its Kubernetes service account"
                      + " to a Google one (roles/iam.workloadIdentityUser)",
                  line));
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE ->
          Optional.of(failure(Kind.CONFIGURATION, "change spec.placements[].vertex", line));
      case NOT_FOUND ->
          Optional.of(
              failure(
                  Kind.CONFIGURATION,
                  "check " + PLACEMENT + "project, region, serviceAccount and network",
                  line));
      case UNIMPLEMENTED ->
          Optional.of(
              failure(
                  Kind.CONFIGURATION,
                  "nothing of Vertex AI answers there: check "
                      + PLACEMENT
                      + "region and the"
                      + " operator's Vertex endpoint",
                  line));
      case OK,
          CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          ALREADY_EXISTS,
          RESOURCE_EXHAUSTED,
          ABORTED,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS,
          UNRECOGNIZED ->
          Optional.empty();
    };
  }

  private static VertexFailure failure(Kind kind, String advice, String line) {
    return switch (kind) {
      case PERMISSION -> new VertexFailure.Permission(advice, line);
      case CONFIGURATION -> new VertexFailure.Configuration(advice, line);
    };
  }
}
