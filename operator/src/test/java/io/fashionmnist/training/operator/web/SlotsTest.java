package io.fashionmnist.training.operator.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotsTest {
  private final Slots slots = new Slots(3, 2);

  @Test
  void oneKeyLeavesSomeToOthers() {
    assertThat(slots.take("a")).isTrue();
    assertThat(slots.take("a")).isTrue();
    assertThat(slots.take("a")).isFalse();
    assertThat(slots.take("b")).isTrue();
    assertThat(slots.take("c")).isFalse();
  }

  @Test
  void whatIsGivenBackIsTakenAgain() {
    slots.take("a");
    slots.take("a");
    slots.take("b");
    slots.giveBack("a");

    assertThat(slots.take("c")).isTrue();
    slots.giveBack("c");
    slots.giveBack("a");
    assertThat(slots.take("a")).isTrue();
    assertThat(slots.take("a")).isTrue();
    assertThat(slots.take("b")).isFalse();
  }
}
