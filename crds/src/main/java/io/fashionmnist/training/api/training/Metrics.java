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
    return finite(value) == null
        ? null
        : BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_UP).doubleValue();
  }

  /**
   * Leaves a value that is too small to be rounded as it is.
   *
   * @return null for null, NaN and infinities, which JSON has not
   */
  static Double finite(Double value) {
    return value == null || !Double.isFinite(value) ? null : value;
  }
}
