package io.fashionmnist.training.trainer.report;

import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Posts the compact report to a receiver, the operator for one, as JSON.
 *
 * <p>Posts go out on a thread of their own, the latest report each time, and at most one every few
 * seconds. A receiver that is dead, slow or refuses costs a warning and nothing else.
 */
public final class ProgressPost implements TrainingListener {
  /** Often enough that an epoch is seen within five seconds of its end. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

  /** In bytes; what a receiver says beyond that is not heard. */
  private static final int LONGEST_ANSWER = 4096;

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(3);

  private final URI url;
  private final Optional<Path> tokenFile;
  private final TrustedClient client;
  private final InstantSource clock;
  private final Courier courier;
  private volatile TrainingProgress progress;

  /**
   * @param tokenFile holds the bearer token; read before each post, for tokens rotate
   * @param caFile the certificates to trust, PEM; read again when they change. Without it the Java
   *     runtime's own are trusted.
   * @param interval least time between two posts
   * @param attempt the operator's number of this run, if the operator runs it
   * @param warnings takes a line about posts that fail, on any thread
   */
  public ProgressPost(
      URI url,
      Optional<Path> tokenFile,
      Optional<Path> caFile,
      Duration interval,
      InstantSource clock,
      OptionalInt attempt,
      Consumer<String> warnings) {
    this.url = url;
    this.tokenFile = tokenFile;
    this.client = new TrustedClient(caFile);
    this.clock = clock;
    this.progress = TrainingProgress.before(attempt);
    this.courier =
        new Courier(
            "progress-post",
            interval,
            this::post,
            reason ->
                warnings.accept(
                    "Progress could not be posted to %s (training goes on): %s"
                        .formatted(url, reason)));
  }

  @Override
  public void on(TrainingEvent event) {
    progress = progress.after(event, clock.instant());
    if (progress.started()) {
      courier.call(false);
    }
  }

  /** Tries once more, for three seconds at most, to deliver what was not. */
  @Override
  public void close() {
    courier.close(PATIENCE_AT_THE_END);
    client.close();
  }

  private void post() throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofByteArray(
                    ReportJson.line(CompactReport.of(progress.report(clock.instant())))));
    if (tokenFile.isPresent()) {
      request.header("Authorization", "Bearer " + token(tokenFile.get()));
    }
    HttpResponse<byte[]> response =
        whole(
            client
                .get()
                .sendAsync(
                    request.build(),
                    _ ->
                        BodySubscribers.mapping(
                            BodySubscribers.ofInputStream(), ProgressPost::beginning)));
    if (response.statusCode() / 100 != 2) {
      throw new IOException("HTTP " + response.statusCode() + reason(response.body()));
    }
  }

  /** The client's own deadline ends with the answer's header; this one, with its body. */
  private static HttpResponse<byte[]> whole(CompletableFuture<HttpResponse<byte[]>> exchange)
      throws Exception {
    try {
      return exchange.get(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "no whole answer within %d seconds".formatted(ANSWER_TIMEOUT.toSeconds()), e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception failure ? failure : e;
    } finally {
      exchange.cancel(true);
    }
  }

  private static byte[] beginning(InputStream body) {
    try (body) {
      return body.readNBytes(LONGEST_ANSWER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a receiver says in its answer's {@code message}, as the operator does, in one line. */
  private static String reason(byte[] answer) {
    return ReportJson.message(answer)
        .map(message -> message.replaceAll("[\\p{Cntrl}\\s]+", " ").strip())
        .filter(message -> !message.isEmpty())
        .map(message -> ": " + message)
        .orElse("");
  }

  private static String token(Path file) throws IOException {
    String token = Files.readString(file).strip();
    // Checked here, because the HTTP client would put a malformed token into its complaint.
    if (!TOKEN.matcher(token).matches()) {
      throw new IOException("no bearer token in " + file);
    }
    return token;
  }
}
