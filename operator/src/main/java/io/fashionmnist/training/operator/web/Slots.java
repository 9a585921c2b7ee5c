package io.fashionmnist.training.operator.web;

import java.util.HashMap;
import java.util.Map;

/** How much is under way at once, and how much of it for one key: none of them keeps out others. */
final class Slots {
  private final int all;
  private final int each;
  private final Map<String, Integer> taken = new HashMap<>();
  private int sum;

  /**
   * @param all for all keys together
   * @param each for one key
   */
  Slots(int all, int each) {
    this.all = all;
    this.each = each;
  }

  /** Takes one, if there is one; who has taken it gives it back. */
  synchronized boolean take(String key) {
    if (sum >= all || taken.getOrDefault(key, 0) >= each) {
      return false;
    }
    taken.merge(key, 1, Integer::sum);
    sum++;
    return true;
  }

  synchronized void giveBack(String key) {
    taken.computeIfPresent(key, (_, number) -> number == 1 ? null : number - 1);
    sum--;
  }
}
