package io.fashionmnist.training.emulator.quota;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who holds what. Usage is the sum of what is held, so it can neither be negative nor outlive a
 * job. A metric without a limit is free and, as in the real service, unknown to Cloud Quotas. Safe
 * for threads.
 */
public final class QuotaBook {
  private record Place(String region, String metric) {}

  private record Hold(Consumer consumer, Demand demand) {}

  private final Map<Place, Long> limits = new HashMap<>();
  private final Map<String, Hold> holds = new HashMap<>();

  /** Sets a limit; what is held already stays held, even above it. */
  public synchronized void setLimit(QuotaLimit limit) {
    limits.put(new Place(limit.region(), limit.metric()), limit.value());
  }

  /** Forgets a limit: the metric becomes free and unknown there. */
  public synchronized void removeLimit(String region, String metric) {
    limits.remove(new Place(region, metric));
  }

  /** All limits, by region and metric. */
  public synchronized List<QuotaLimit> limits() {
    return limits.entrySet().stream()
        .map(e -> new QuotaLimit(e.getKey().region(), e.getKey().metric(), e.getValue()))
        .sorted(Comparator.comparing(QuotaLimit::region).thenComparing(QuotaLimit::metric))
        .toList();
  }

  /**
   * The limit of a metric in a region, its own or that of all regions; empty where there is none.
   */
  public synchronized OptionalLong limit(String region, String metric) {
    Long own = limits.get(new Place(region, metric));
    if (own == null) {
      own = limits.get(new Place(QuotaLimit.EVERYWHERE, metric));
    }
    return own == null ? OptionalLong.empty() : OptionalLong.of(own);
  }

  /**
   * Holds a demand if all of it fits.
   *
   * @param holder who holds it; one that holds already keeps what it has
   * @return the metrics that are over their limit, sorted; empty when the demand is held
   */
  public synchronized List<String> hold(String holder, Consumer consumer, Demand demand) {
    if (holds.containsKey(holder)) {
      return List.of();
    }
    List<String> exceeded = exceeded(consumer, demand);
    if (exceeded.isEmpty()) {
      holds.put(holder, new Hold(consumer, demand));
    }
    return exceeded;
  }

  /** Holds a demand whether it fits or not: after a restart, what ran goes on. */
  public synchronized void holdAgain(String holder, Consumer consumer, Demand demand) {
    holds.put(holder, new Hold(consumer, demand));
  }

  /** Gives back all that a holder has; nothing happens if that is nothing. */
  public synchronized void release(String holder) {
    holds.remove(holder);
  }

  /** Which metrics a demand would take over their limits. */
  public synchronized List<String> exceeded(Consumer consumer, Demand demand) {
    SortedMap<String, Long> usage = usage(consumer);
    List<String> exceeded = new ArrayList<>();
    demand
        .amounts()
        .forEach(
            (metric, amount) -> {
              OptionalLong limit = limit(consumer.region(), metric);
              if (limit.isPresent()
                  && limit.getAsLong() != QuotaLimit.UNLIMITED
                  && usage.getOrDefault(metric, 0L) + amount > limit.getAsLong()) {
                exceeded.add(metric);
              }
            });
    return exceeded;
  }

  /** What a project holds in a region, by metric. */
  public synchronized SortedMap<String, Long> usage(Consumer consumer) {
    SortedMap<String, Long> usage = new TreeMap<>();
    for (Hold hold : holds.values()) {
      if (hold.consumer().equals(consumer)) {
        hold.demand().amounts().forEach((metric, amount) -> usage.merge(metric, amount, Long::sum));
      }
    }
    return usage;
  }

  /** Who holds anything, by project and region. */
  public synchronized List<Consumer> consumers() {
    return holds.values().stream()
        .map(Hold::consumer)
        .distinct()
        .sorted(Comparator.comparing(Consumer::project).thenComparing(Consumer::region))
        .toList();
  }
}
