package io.fashionmnist.training.trainer.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer's body as a stream that does not wait for ever: {@link java.net.http.HttpClient}'s own
 * deadline ends with the answer's header.
 */
final class ArrivingBody extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {
  private final URI address;
  private final Duration patience;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

  // Those of the reading thread.
  private Parts parts = new Parts(List.of());
  private boolean ended;

  private volatile Flow.Subscription subscription;
  private volatile boolean closed;

  private sealed interface Arrival {}

  private record Parts(List<ByteBuffer> buffers) implements Arrival {
    ByteBuffer next() {
      return buffers.stream()
          .filter(ByteBuffer::hasRemaining)
          .findFirst()
          .orElse(ByteBuffer.allocate(0));
    }
  }

  private record End() implements Arrival {}

  private record Broken(Throwable reason) implements Arrival {}

  /**
   * @param address names the body in errors
   * @param patience how long nothing may arrive
   */
  ArrivingBody(URI address, Duration patience) {
    this.address = address;
    this.patience = patience;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    if (closed) {
      subscription.cancel();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrivals.add(new Parts(buffers));
  }

  @Override
  public void onError(Throwable reason) {
    arrivals.add(new Broken(reason));
  }

  @Override
  public void onComplete() {
    arrivals.add(new End());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended && !parts.next().hasRemaining()) {
      switch (arrival()) {
        case Parts arrived -> {
          parts = arrived;
          subscription.request(1);
        }
        case End _ -> ended = true;
        case Broken(var reason) ->
            throw new IOException("%s: %s".formatted(address, reason), reason);
      }
    }
    ByteBuffer buffer = parts.next();
    if (!buffer.hasRemaining()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(target, offset, count);
    return count;
  }

  private Arrival arrival() throws IOException {
    try {
      Arrival arrival = arrivals.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (arrival == null) {
        close();
        throw new IOException(
            "%s: the server began to answer, but then sent nothing for %s seconds"
                .formatted(address, patience.toSeconds()));
      }
      return arrival;
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(address + ": interrupted");
    }
  }

  @Override
  public void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
