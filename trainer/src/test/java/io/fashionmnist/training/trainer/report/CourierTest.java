package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CourierTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration PATIENCE = Duration.ofDays(1);

  private final AtomicInteger state = new AtomicInteger();
  private final BlockingQueue<Integer> delivered = new LinkedBlockingQueue<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  @Test
  void deliversTheFirstCallAtOnceAndTheRestInOne() throws Exception {
    Courier courier = new Courier("test", NEVER, () -> delivered.add(state.get()), warnings::add);

    call(courier, 1, false);
    assertThat(delivered.take()).isEqualTo(1);
    call(courier, 2, false);
    call(courier, 3, false);
    courier.close(PATIENCE);

    assertThat(delivered).containsExactly(3);
  }

  @Test
  void deliversWhatIsUrgentWithoutRegardToTheInterval() throws Exception {
    Courier courier = new Courier("test", NEVER, () -> delivered.add(state.get()), warnings::add);
    call(courier, 1, false);
    assertThat(delivered.take()).isEqualTo(1);

    call(courier, 2, true);

    assertThat(delivered.take()).isEqualTo(2);
    courier.close(PATIENCE);
    assertThat(delivered).isEmpty();
  }

  @Test
  void neverMakesTheCallerWait() throws Exception {
    Semaphore begun = new Semaphore(0);
    Semaphore mayEnd = new Semaphore(0);
    Courier courier =
        new Courier(
            "test",
            AT_ONCE,
            () -> {
              int latest = state.get();
              begun.release();
              mayEnd.acquire();
              delivered.add(latest);
            },
            warnings::add);
    call(courier, 1, true);
    begun.acquire();

    for (int i = 2; i <= 1_000; i++) {
      call(courier, i, true);
    }
    assertThat(delivered).isEmpty();

    mayEnd.release(1_000);
    assertThat(delivered.take()).isEqualTo(1);
    assertThat(delivered.take()).isEqualTo(1_000);
    courier.close(PATIENCE);
    assertThat(delivered).isEmpty();
  }

  @Test
  void triesAgainAndWarnsOnceOfFailuresInARow() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Courier courier =
        new Courier(
            "test",
            AT_ONCE,
            () -> {
              // The third attempt and the sixth succeed.
              if (attempts.incrementAndGet() % 3 != 0) {
                throw new IOException("refused " + attempts.get());
              }
              delivered.add(state.get());
            },
            warnings::add);

    call(courier, 1, false);
    assertThat(delivered.take()).isEqualTo(1);
    assertThat(warnings).containsExactly("refused 1");
    call(courier, 2, false);
    assertThat(delivered.take()).isEqualTo(2);
    assertThat(warnings).containsExactly("refused 1", "refused 4");
    courier.close(PATIENCE);
    assertThat(attempts).hasValue(6);
  }

  @Test
  void survivesAnError() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Courier courier =
        new Courier(
            "test",
            AT_ONCE,
            () -> {
              if (attempts.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("Missing");
              }
              delivered.add(state.get());
            },
            warnings::add);

    call(courier, 1, false);

    assertThat(delivered.take()).isEqualTo(1);
    assertThat(warnings).containsExactly("Missing");
    courier.close(PATIENCE);
  }

  @Test
  void breaksOffAnOldDeliveryForTheLast() throws Exception {
    Semaphore begun = new Semaphore(0);
    Courier courier =
        new Courier(
            "test",
            AT_ONCE,
            () -> {
              if (state.get() == 1) {
                begun.release();
                new Semaphore(0).acquire();
              }
              delivered.add(state.get());
            },
            warnings::add);
    call(courier, 1, false);
    begun.acquire();

    call(courier, 2, false);
    courier.close(PATIENCE);

    assertThat(delivered).containsExactly(2);
    assertThat(warnings).isEmpty();
  }

  @Test
  void givesUpWhenTheLastDeliveryHangs() throws Exception {
    Semaphore begun = new Semaphore(0);
    Semaphore brokenOff = new Semaphore(0);
    Courier courier =
        new Courier(
            "test",
            AT_ONCE,
            () -> {
              begun.release();
              try {
                new Semaphore(0).acquire();
              } finally {
                brokenOff.release();
              }
            },
            warnings::add);
    call(courier, 1, false);
    begun.acquire();

    courier.close(Duration.ofMillis(1));

    assertThat(brokenOff.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void endsWhenThereIsNothingToDeliver() {
    Courier courier = new Courier("test", AT_ONCE, () -> delivered.add(0), warnings::add);

    courier.close(PATIENCE);

    assertThat(delivered).isEmpty();
  }

  private void call(Courier courier, int newState, boolean urgent) {
    state.set(newState);
    courier.call(urgent);
  }
}
