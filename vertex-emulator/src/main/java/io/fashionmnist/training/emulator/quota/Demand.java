package io.fashionmnist.training.emulator.quota;

import java.util.Collections;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What a job takes from its project's quota in its region.
 *
 * @param amounts metric without {@code aiplatform.googleapis.com/} to amount, sorted
 */
public record Demand(SequencedMap<String, Long> amounts) {
  /** Nothing. */
  public static final Demand NONE = new Demand(new TreeMap<>());

  /** Keeps a sorted copy without zeros. */
  public Demand {
    SequencedMap<String, Long> copy = new TreeMap<>();
    amounts.forEach(
        (metric, amount) -> {
          if (amount < 0) {
            throw new IllegalArgumentException("a negative demand for " + metric);
          }
          if (amount > 0) {
            copy.put(metric, amount);
          }
        });
    amounts = Collections.unmodifiableSequencedMap(copy);
  }

  /** This and more. */
  public Demand plus(String metric, long amount) {
    TreeMap<String, Long> sum = new TreeMap<>(amounts);
    sum.merge(metric, amount, Long::sum);
    return new Demand(sum);
  }

  /** This and another one. */
  public Demand plus(Demand other) {
    TreeMap<String, Long> sum = new TreeMap<>(amounts);
    other.amounts.forEach((metric, amount) -> sum.merge(metric, amount, Long::sum));
    return new Demand(sum);
  }
}
