package io.fashionmnist.training.api.training;

/**
 * An interval of numbers between finite bounds, each of which belongs to it or not. Whole numbers
 * up to 2^53 are exact.
 */
public record Range(
    double minimum, boolean minimumInclusive, double maximum, boolean maximumInclusive) {

  /** Whether the number lies in the interval; NaN never does. */
  public boolean contains(double value) {
    boolean above = minimumInclusive ? value >= minimum : value > minimum;
    boolean below = maximumInclusive ? value <= maximum : value < maximum;
    return above && below;
  }

  /** The interval in few words: {@code 0 to 180}, {@code above 0 to below 1}. */
  public String interval() {
    return (minimumInclusive ? "" : "above ")
        + Decimals.text(minimum)
        + (maximumInclusive ? " to " : " to below ")
        + Decimals.text(maximum);
  }

  /** What follows "must be": {@code at least 0 and less than 1}. */
  public String requirement() {
    return (minimumInclusive ? "at least " : "more than ")
        + Decimals.text(minimum)
        + (maximumInclusive ? " and at most " : " and less than ")
        + Decimals.text(maximum);
  }
}
