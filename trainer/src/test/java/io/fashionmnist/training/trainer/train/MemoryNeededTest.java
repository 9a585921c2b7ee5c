package io.fashionmnist.training.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.ModelConfig;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.trainer.model.NetworkSpec;
import org.junit.jupiter.api.Test;

class MemoryNeededTest {
  private static final long GIB = 1L << 30;

  @Test
  void theDefaultsTakeLittle() {
    assertThat(needed(28, false).bytes(64)).isBetween(40_000_000L, 60_000_000L);
    assertThat(needed(28, true).bytes(64)).isLessThan(needed(28, false).bytes(64));
  }

  @Test
  void aBatchThatIsTooLargeIsToldWithOneThatIsNot() {
    MemoryNeeded needed = needed(28, false);
    assertThat(needed.bytes(65_536)).isGreaterThan(16 * GIB);

    String refusal = needed.refusal(65_536, 16 * GIB).getMessage();

    assertThat(refusal)
        .startsWith("batchSize 65,536 takes ")
        .contains("images of 28 x 28 and model.filters [32, 64, 128]", "17,179,869,184 bytes");
    int most =
        Integer.parseInt(refusal.replaceAll(".*choose at most ([0-9,]+).*", "$1").replace(",", ""));
    // With the rest that may join the last batch: an eighth more.
    assertThat(needed.bytes(most + most / 8)).isBetween(15 * GIB, 16 * GIB);
  }

  @Test
  void weightsThatAreTooManyAreToldWithoutABatch() {
    assertThat(needed(1_024, false).refusal(64, 16 * GIB).getMessage())
        .contains("the dense layer behind images of 1024 x 1024", "lower model.denseUnits")
        .doesNotContain("batchSize");
  }

  private static MemoryNeeded needed(int side, boolean bfloat16) {
    return MemoryNeeded.of(
        new NetworkSpec(ModelConfig.defaults(), side, side, 10),
        new TrainingIdentity(TrainingConfig.defaults(), "digest", 10, 2, bfloat16));
  }
}
