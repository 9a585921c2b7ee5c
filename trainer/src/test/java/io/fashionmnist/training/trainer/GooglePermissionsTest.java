package io.fashionmnist.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.testing.GoogleCalls;
import org.junit.jupiter.api.Test;

/** A call that is added without its permission would fail in a real project only. */
class GooglePermissionsTest {
  @Test
  void theTrainingAccountMayMakeEachCallThatTrackingMakes() {
    assertThat(GoogleCalls.madeBy(_ -> true)).isEqualTo(GoogleCalls.permittedTo("training"));
  }
}
