package io.fashionmnist.training.kubectl.google;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.logging.v2.Logging;
import com.google.api.services.logging.v2.model.ListLogEntriesRequest;
import com.google.api.services.logging.v2.model.ListLogEntriesResponse;
import com.google.api.services.logging.v2.model.LogEntry;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a custom job's containers wrote, from Cloud Logging.
 *
 * @see <a
 *     href="https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list">entries.list</a>
 */
public final class CustomJobLog {
  private static final int PAGE = 1_000;

  /** Lines of several machines do not arrive in the order of their times. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private final Logging logging;
  private final String project;
  private final String filter;
  private final Set<String> seen = new HashSet<>();
  private Optional<String> since = Optional.empty();

  private CustomJobLog(Logging logging, String project, String filter) {
    this.logging = logging;
    this.project = project;
    this.filter = filter;
  }

  /**
   * The log of a custom job; nothing is asked yet.
   *
   * @param location {@code projects/PROJECT/locations/REGION}
   * @param name the custom job's resource name
   * @param environment may name an emulator
   */
  public static CustomJobLog of(String location, String name, Map<String, String> environment) {
    String project = location.split("/")[1];
    String filter = filter(name);
    try {
      GoogleConnection connection =
          GoogleConnection.of(
              Optional.ofNullable(environment.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING")),
              "https://www.googleapis.com/auth/logging.read");
      Logging.Builder builder =
          new Logging.Builder(
                  connection.transport(), GsonFactory.getDefaultInstance(), connection.requests())
              .setApplicationName("kubectl-fashion");
      connection.endpoint().ifPresent(builder::setRootUrl);
      return new CustomJobLog(builder.build(), project, filter);
    } catch (IOException e) {
      throw unreadable(project, filter, e.getMessage());
    }
  }

  static String filter(String name) {
    return "resource.type=\"ml_job\" resource.labels.job_id=\"%s\""
        .formatted(name.substring(name.lastIndexOf('/') + 1));
  }

  /** The lines that have come since this was last asked, the oldest first. */
  public List<String> fresh() {
    List<String> lines = new ArrayList<>();
    // The same for every page: a token is good for the question that it came from alone.
    String question =
        filter
            + since
                .map(time -> Instant.parse(time).minus(LATE))
                .map(" timestamp>=\"%s\""::formatted)
                .orElse("");
    try {
      String token = null;
      do {
        ListLogEntriesResponse answer =
            logging
                .entries()
                .list(
                    new ListLogEntriesRequest()
                        .setResourceNames(List.of("projects/" + project))
                        .setFilter(question)
                        .setOrderBy("timestamp asc")
                        .setPageSize(PAGE)
                        .setPageToken(token))
                .execute();
        for (LogEntry entry : Optional.ofNullable(answer.getEntries()).orElse(List.of())) {
          if (seen.add(entry.getInsertId())) {
            lines.add(text(entry));
          }
          since = Optional.ofNullable(entry.getTimestamp()).or(() -> since);
        }
        token = answer.getNextPageToken();
      } while (token != null && !token.isEmpty());
      return lines;
    } catch (GoogleJsonResponseException e) {
      throw unreadable(
          project,
          filter,
          e.getDetails() == null ? e.getStatusMessage() : e.getDetails().getMessage());
    } catch (IOException e) {
      throw unreadable(project, filter, e.getMessage());
    }
  }

  /** The trainer writes JSON, which Cloud Logging takes apart. */
  private static String text(LogEntry entry) {
    String message =
        Optional.ofNullable(entry.getTextPayload())
            .or(
                () ->
                    Optional.ofNullable(entry.getJsonPayload())
                        .map(fields -> fields.get("message"))
                        .map(String::valueOf))
            .orElseGet(() -> String.valueOf(entry.getJsonPayload()));
    return "%s %s %s"
        .formatted(
            Optional.ofNullable(entry.getTimestamp()).orElse("-"),
            Optional.ofNullable(entry.getSeverity()).orElse("DEFAULT"),
            message.stripTrailing());
  }

  private static Failure unreadable(String project, String filter, String why) {
    return Failure.unavailable(
        "Cloud Logging can't be read: %s%n"
            + "  with gcloud:  gcloud logging read '%s' --project %s --order asc --format"
            + " 'value(timestamp,severity,textPayload,jsonPayload.message)'%n"
            + "  in a browser: https://console.cloud.google.com/logs/query;query=%s?project=%s",
        String.valueOf(why).lines().findFirst().orElse(""),
        filter,
        project,
        URLEncoder.encode(filter, StandardCharsets.UTF_8).replace("+", "%20"),
        project);
  }
}
