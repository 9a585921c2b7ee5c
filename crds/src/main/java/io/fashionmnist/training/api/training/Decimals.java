package io.fashionmnist.training.api.training;

import java.math.BigDecimal;

/** How numbers are written for people and on command lines. */
public final class Decimals {
  private Decimals() {}

  /**
   * The shortest decimal that reads back as the same number, without an exponent and without a
   * trailing {@code .0}: {@code 0.00001}, {@code 15}.
   */
  public static String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
