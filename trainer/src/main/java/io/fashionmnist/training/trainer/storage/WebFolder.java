package io.fashionmnist.training.trainer.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * A path on a web server, for reading. A server does not tell what it has: {@link #list}, like
 * everything that writes, throws {@link UnsupportedOperationException}.
 */
final class WebFolder implements Folder {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 3;

  private final HttpClient client;
  private final URI base;
  private final Duration pause;
  private final Duration patience;

  /**
   * @param base the address; a query in it (a signature, say) goes with every request
   * @param pause before the second attempt; twice as long before the third
   * @param patience how long nothing of a file may arrive once it has begun to
   */
  WebFolder(HttpClient client, URI base, Duration pause, Duration patience) {
    this.client = client;
    this.base = base;
    this.pause = pause;
    this.patience = patience;
  }

  @Override
  public String uri() {
    return base.toString();
  }

  @Override
  public WebFolder folder(String name) {
    return new WebFolder(client, below(name), pause, patience);
  }

  @Override
  public List<String> list() {
    throw new UnsupportedOperationException(uri() + ": a web server does not list its files");
  }

  @Override
  public InputStream open(String name) throws IOException {
    URI address = below(name);
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          return get(address);
        } catch (NoSuchFileException | AccessDeniedException e) {
          throw e;
        } catch (IOException e) {
          if (attempt == ATTEMPTS) {
            throw e;
          }
        }
        Thread.sleep(pause.multipliedBy(attempt));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(address + ": interrupted");
    }
  }

  @Override
  public void write(String name, byte[] content) {
    throw readOnly();
  }

  @Override
  public void upload(Path source, String name) {
    throw readOnly();
  }

  @Override
  public void delete(String name) {
    throw readOnly();
  }

  private InputStream get(URI address) throws IOException, InterruptedException {
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response;
    try {
      response =
          client.send(
              HttpRequest.newBuilder(address).timeout(ANSWER_TIMEOUT).GET().build(),
              HttpResponse.BodyHandlers.ofPublisher());
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(address, reason(e)), e);
    }
    int status = response.statusCode();
    ArrivingBody body = new ArrivingBody(address, patience);
    response.body().subscribe(body);
    if (status == 200) {
      return body;
    }
    body.close();
    throw switch (status) {
      case 404, 410 -> new NoSuchFileException(address.toString(), null, "HTTP " + status);
      case 401, 403 -> new AccessDeniedException(address.toString(), null, "HTTP " + status);
      default -> new IOException("%s: HTTP %d".formatted(address, status));
    };
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException(uri() + ": web addresses are for reading only");
  }

  /** Appends a name to the path. */
  private URI below(String name) {
    String path = base.getRawPath();
    try {
      URI escaped = new URI(null, null, (path.endsWith("/") ? "" : "/") + name, null);
      String query = base.getRawQuery() == null ? "" : "?" + base.getRawQuery();
      return URI.create(
          "%s://%s%s%s%s"
              .formatted(
                  base.getScheme(), base.getRawAuthority(), path, escaped.getRawPath(), query));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }
}
