package io.fashionmnist.training.emulator.service;

import io.fashionmnist.training.emulator.fault.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls by method, region and outcome. Safe for threads. */
public final class CallLog {
  private record Key(String method, String region, String code) {}

  /**
   * How many calls there were.
   *
   * @param method such as {@code CreateCustomJob}
   * @param region from the resource's name
   * @param code how they were answered, such as {@code OK}
   */
  public record CallCount(String method, String region, String code, long count) {}

  private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

  void count(Call call, String code) {
    counts
        .computeIfAbsent(new Key(call.method(), call.region(), code), _ -> new LongAdder())
        .increment();
  }

  /** All counts, by method, region and code. */
  public List<CallCount> counts() {
    List<CallCount> all = new ArrayList<>();
    counts.forEach(
        (key, count) ->
            all.add(new CallCount(key.method(), key.region(), key.code(), count.sum())));
    all.sort(
        Comparator.comparing(CallCount::method)
            .thenComparing(CallCount::region)
            .thenComparing(CallCount::code));
    return all;
  }

  /** How often a method was called, in all regions and with any outcome. */
  public long count(String method) {
    return counts().stream()
        .filter(count -> count.method().equals(method))
        .mapToLong(CallCount::count)
        .sum();
  }

  /** How often a method was called in a region, with any outcome. */
  public long count(String method, String region) {
    return counts().stream()
        .filter(count -> count.method().equals(method) && count.region().equals(region))
        .mapToLong(CallCount::count)
        .sum();
  }

  /** Begins at zero again. */
  public void clear() {
    counts.clear();
  }
}
