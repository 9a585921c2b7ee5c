package io.fashionmnist.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SideBySideTest {
  @Test
  void tasksRunAtTheSameTime() throws Exception {
    CyclicBarrier meeting = new CyclicBarrier(2);
    try (SideBySide tasks = new SideBySide()) {
      var one = tasks.start(() -> meeting.await(20, TimeUnit.SECONDS));
      var two = tasks.start(() -> meeting.await(20, TimeUnit.SECONDS));

      assertThat(one.get() + two.get()).isEqualTo(1);
    }
  }

  @Test
  void aFailureIsThrownAsItIs() {
    FileNotFoundException checked = new FileNotFoundException("gone");
    BadInputException unchecked = new BadInputException("wrong");
    try (SideBySide tasks = new SideBySide()) {
      var first =
          tasks.start(
              () -> {
                throw checked;
              });
      var second =
          tasks.start(
              () -> {
                throw unchecked;
              });

      assertThatThrownBy(first::get).isSameAs(checked);
      assertThatThrownBy(second::get).isSameAs(unchecked);
      assertThatThrownBy(() -> first.getUnless(() -> false)).isSameAs(checked);
    }
  }

  @Test
  void aStopEndsTheWaitButNotTheTask() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicInteger questions = new AtomicInteger();
    try (SideBySide tasks = new SideBySide()) {
      var task = tasks.start(() -> mayEnd.await(20, TimeUnit.SECONDS));

      assertThat(task.getUnless(() -> questions.incrementAndGet() > 2)).isEmpty();
      mayEnd.countDown();
      assertThat(task.getUnless(() -> false)).hasValue(true);
    }
  }

  @Test
  void closingInterruptsATaskAndWaitsForItsEnd() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    try (SideBySide tasks = new SideBySide()) {
      tasks.start(
          () -> {
            begun.countDown();
            try {
              return new CountDownLatch(1).await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              interrupted.set(true);
              throw e;
            }
          });
      begun.await();
    }

    assertThat(interrupted).isTrue();
  }
}
