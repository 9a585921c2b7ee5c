package io.fashionmnist.training.emulator.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** The rules that are in force, in the order in which they came. Safe for threads. */
public final class FaultPlan {
  private final List<FaultRule> rules = new ArrayList<>();
  private final RandomGenerator random;

  /** With the source of chance for rules with a probability. */
  public FaultPlan(RandomGenerator random) {
    this.random = random;
  }

  /** Adds a rule, in the place of one with the same name. */
  public synchronized void add(FaultRule rule) {
    rules.removeIf(old -> old.name().equals(rule.name()));
    rules.add(rule);
  }

  /** Removes a rule; false if there is none of that name. */
  public synchronized boolean remove(String name) {
    return rules.removeIf(rule -> rule.name().equals(name));
  }

  /** Removes all rules. */
  public synchronized void clear() {
    rules.clear();
  }

  /** The rules in force, with what is left of their counts. */
  public synchronized List<FaultRule> rules() {
    return List.copyOf(rules);
  }

  /** What goes wrong with a call; each rule that hits has one less to go. */
  public synchronized List<Fault> draw(Call call) {
    List<Fault> drawn = new ArrayList<>();
    for (ListIterator<FaultRule> each = rules.listIterator(); each.hasNext(); ) {
      FaultRule rule = each.next();
      if (!rule.matches(call) || random.nextDouble() >= rule.probability()) {
        continue;
      }
      drawn.add(rule.fault());
      if (rule.count().isPresent()) {
        int left = rule.count().getAsInt() - 1;
        if (left == 0) {
          each.remove();
        } else {
          each.set(rule.withCount(OptionalInt.of(left)));
        }
      }
    }
    return drawn;
  }
}
