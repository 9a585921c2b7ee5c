package io.fashionmnist.training.operator.quota;

/** How much of a metric a project may use in a region. */
public sealed interface Limit {
  Limit UNKNOWN = new Unknown();
  Limit UNLIMITED = new Unlimited();

  /** Nobody has said: neither none nor any amount. */
  record Unknown() implements Limit {}

  /** As much as there is. */
  record Unlimited() implements Limit {}

  /** So much. */
  record Of(long amount) implements Limit {}

  /** Whether an amount is surely too much. */
  default boolean below(long amount) {
    return switch (this) {
      case Of(long limit) -> limit < amount;
      case Unknown _, Unlimited _ -> false;
    };
  }
}
