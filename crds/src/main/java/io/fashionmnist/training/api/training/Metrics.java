package io.fashionmnist.training.api.training;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How metrics are written: six decimals, and absent when they are not a number. */
public final class Metrics {
  private static final int DECIMALS = 6;

  private Metrics() {}

  /**
   * Rounds to six decimals, half up.
   *
   * @param value a metric, or null
   * @return null for null, NaN and infinities
   */
  public static Double round(Double value) {
    if (value == null || !Double.isFinite(value)) {
      return null;
    }
    return BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_UP).doubleValue();
  }
}
