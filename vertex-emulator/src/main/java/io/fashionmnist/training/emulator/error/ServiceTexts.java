package io.fashionmnist.training.emulator.error;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The service's own sentences, as users report them. Clients tell one kind of refusal from another
 * by these words, so they are kept to the letter.
 */
public final class ServiceTexts {
  /** What stands before the name of a quota metric. */
  public static final String METRIC_PREFIX = "aiplatform.googleapis.com/";

  private ServiceTexts() {}

  /** More was asked for than the quota allows. */
  public static String quotaExceeded(Collection<String> metrics) {
    return metrics.stream()
        .map(metric -> METRIC_PREFIX + metric)
        .collect(Collectors.joining(",", "The following quota metrics exceed quota limits: ", ""));
  }

  /** The error of a job that was accepted and failed for want of quota. */
  public static String failedForQuota(Collection<String> metrics) {
    return "Training failed with: code: 8 message: \"" + quotaExceeded(metrics) + "\"";
  }

  /** Too many requests in a minute. */
  public static String rateLimit(String projectNumber) {
    return "Quota exceeded for quota metric 'Job or LRO submission requests' and limit 'Job or LRO"
        + " submission requests per minute per region' of service 'aiplatform.googleapis.com' for"
        + " consumer 'project_number:"
        + projectNumber
        + "'.";
  }

  /** The region has no such machines left. */
  public static String stockout(String region) {
    return "Resources are insufficient in region: "
        + region
        + ". Try a different region or use a different accelerator.";
  }

  /** The caller may not do this. */
  public static String permissionDenied(String permission, String project, String region) {
    return "Permission '"
        + permission
        + "' denied on resource '//aiplatform.googleapis.com/projects/"
        + project
        + "/locations/"
        + region
        + "' (or it may not exist).";
  }

  /** The caller may not let jobs run as this account. */
  public static String mayNotActAs(String account) {
    return "You do not have permission to act as service_account: "
        + account
        + ". (or it may not exist).";
  }

  /** The project has not enabled the API. */
  public static String apiDisabled(String project) {
    return "Vertex AI API has not been used in project "
        + project
        + " before or it is disabled. Enable it by visiting"
        + " https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project="
        + project
        + " then retry. If you enabled this API recently, wait a few minutes for the action to"
        + " propagate to our systems and retry.";
  }

  /** The project has no billing account. */
  public static String billingDisabled(String project) {
    return "This API method requires billing to be enabled. Please enable billing on project #"
        + project
        + " by visiting https://console.developers.google.com/billing/enable?project="
        + project
        + " then retry.";
  }

  /** The output's bucket is elsewhere. */
  public static String bucketElsewhere(String uri, String location, String region) {
    return "The Cloud Storage bucket of `"
        + uri
        + "` is in location `"
        + location
        + "`. It must be in the same regional location as the service location `"
        + region
        + "`.";
  }

  /** The endpoint serves another region. */
  public static String wrongEndpoint(String region) {
    return "The provided location ID doesn't match the endpoint. The valid location ID is `"
        + region
        + "`.";
  }

  /** The user's program ended with an error. */
  public static String exited(String replica, int code, String projectNumber, String jobId) {
    return "The replica "
        + replica
        + " exited with a non-zero status of "
        + code
        + ". Termination reason: Error. "
        + seeLogs(projectNumber, jobId);
  }

  /** The user's program took more memory than the machine has. */
  public static String outOfMemory(String replica, int code, String projectNumber, String jobId) {
    return "The replica "
        + replica
        + " ran out of memory and exited with a non-zero status of "
        + code
        + ". "
        + seeLogs(projectNumber, jobId);
  }

  /** The service failed, three times. */
  public static String internalError() {
    return "Internal error occurred for the current attempt";
  }

  /** A Spot machine was taken away. The service's own words are not known. */
  public static String preempted(String replica) {
    return "The Spot VM of replica " + replica + " was preempted.";
  }

  /** A name is taken. */
  public static String alreadyExists(String kind, String name) {
    return kind + " with name \"" + name + "\" already exists";
  }

  /** Nothing has this name. */
  public static String doesNotExist(String kind, String name) {
    return "The " + kind + " \"" + name + "\" does not exist.";
  }

  /** Somebody else has changed a resource since it was read. The Python SDK reads both numbers. */
  public static String etagMismatch(String kind, String given, String own) {
    return "Specified %s `etag`: `%s` does not match server `etag`: `%s`"
        .formatted(kind, given, own);
  }

  private static String seeLogs(String projectNumber, String jobId) {
    return "To find out more about why your job exited please check the logs:"
        + " https://console.cloud.google.com/logs/viewer?project="
        + projectNumber
        + "&resource=ml_job%2Fjob_id%2F"
        + jobId;
  }
}
