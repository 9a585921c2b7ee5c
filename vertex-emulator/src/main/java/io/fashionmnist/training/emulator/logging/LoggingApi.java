package io.fashionmnist.training.emulator.logging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Post;
import io.fashionmnist.training.emulator.executor.Run;
import io.fashionmnist.training.emulator.job.JobScheduler;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code entries.list} for one custom job: a filter with {@code resource.labels.job_id="ID"}. A
 * line of JSON becomes a jsonPayload with its own time and severity, another a textPayload; they
 * come in pages, and a page's token is good for the same question alone.
 *
 * @see <a
 *     href="https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list">entries.list</a>
 */
@Blocking
public final class LoggingApi {
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 1_000;
  private static final Pattern JOB =
      Pattern.compile("resource\\.labels\\.job_id\\s*=\\s*\"?(\\d+)\"?");
  private static final Pattern SINCE = Pattern.compile("timestamp\\s*>=\\s*\"([^\"]+)\"");

  private final JobScheduler jobs;
  private final InstantSource clock;
  private final ObjectMapper json = new ObjectMapper();

  public LoggingApi(JobScheduler jobs, InstantSource clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  /** The entries of the job that the filter names. */
  @Post("exact:/v2/entries:list")
  public HttpResponse list(String body) {
    JsonNode question;
    try {
      question = json.readTree(body);
    } catch (JsonProcessingException e) {
      return refuse("the body is no JSON");
    }
    String filter = question.path("filter").asText();
    Matcher job = JOB.matcher(filter);
    if (!job.find()) {
      return refuse("the emulator lists entries of one job: resource.labels.job_id=\"ID\"");
    }
    Optional<Instant> since;
    try {
      Matcher time = SINCE.matcher(filter);
      since = time.find() ? Optional.of(Instant.parse(time.group(1))) : Optional.empty();
    } catch (DateTimeParseException e) {
      return refuse("timestamp in the filter is no RFC 3339 time");
    }
    int size = question.path("pageSize").asInt(USUAL_PAGE);
    if (size < 1 || size > LARGEST_PAGE) {
      return refuse("page_size must be 1 to " + LARGEST_PAGE);
    }
    // Of what was asked, so that no other question goes on with it.
    String prefix = Integer.toHexString((filter + question.path("orderBy").asText()).hashCode());
    String token = question.path("pageToken").asText(prefix + "-0");
    if (!token.matches(Pattern.quote(prefix) + "-\\d{1,9}")) {
      return refuse("page_token doesn't match arguments from the request");
    }
    int first = Integer.parseInt(token.substring(token.lastIndexOf('-') + 1));
    List<String> lines =
        jobs.run(job.group(1)).map(Run::log).map(text -> text.lines().toList()).orElse(List.of());
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode entries = answer.putArray("entries");
    for (int number = first; number < lines.size(); number++) {
      if (entries.size() == size) {
        answer.put("nextPageToken", prefix + "-" + number);
        break;
      }
      ObjectNode entry = entry(job.group(1), number, lines.get(number));
      boolean wanted =
          since
              .filter(from -> Instant.parse(entry.get("timestamp").asText()).isBefore(from))
              .isEmpty();
      if (wanted) {
        entries.add(entry);
      }
    }
    return HttpResponse.of(MediaType.JSON_UTF_8, answer.toString());
  }

  private ObjectNode entry(String job, int number, String line) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put("insertId", "%s-%d".formatted(job, number));
    entry.putObject("resource").put("type", "ml_job").putObject("labels").put("job_id", job);
    Optional<JsonNode> fields = fields(line);
    entry.put("timestamp", time(fields).orElse(clock.instant()).toString());
    entry.put(
        "severity", fields.map(each -> each.path("severity").asText("INFO")).orElse("DEFAULT"));
    fields.ifPresentOrElse(
        each -> entry.set("jsonPayload", each), () -> entry.put("textPayload", line));
    return entry;
  }

  private Optional<JsonNode> fields(String line) {
    try {
      return line.startsWith("{") ? Optional.of(json.readTree(line)) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> time(Optional<JsonNode> fields) {
    try {
      return fields
          .map(each -> each.path("time").asText(each.path("timestamp").asText()))
          .filter(text -> !text.isEmpty())
          .map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static HttpResponse refuse(String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("code", 400)
        .put("message", message)
        .put("status", "INVALID_ARGUMENT");
    return HttpResponse.of(HttpStatus.BAD_REQUEST, MediaType.JSON_UTF_8, body.toString());
  }
}
