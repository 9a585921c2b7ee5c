package io.fashionmnist.training.emulator.fault;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * When something goes wrong.
 *
 * @param name by which the rule can be removed
 * @param fault what goes wrong
 * @param call the method, such as {@code ListCustomJobs}, or {@code *}
 * @param region only calls about this region
 * @param project only calls about this project, by the name that the caller uses
 * @param metric only jobs that need this quota metric
 * @param probability of each matching call, from 0 to 1
 * @param count how many calls it hits before it is spent; empty is without end
 */
public record FaultRule(
    String name,
    Fault fault,
    String call,
    Optional<String> region,
    Optional<String> project,
    Optional<String> metric,
    double probability,
    OptionalInt count) {
  /** Every call that the fault usually hits. */
  public static FaultRule always(Fault fault) {
    return new FaultRule(
        fault.kind().text(),
        fault,
        fault.kind().usualCall(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        OptionalInt.empty());
  }

  /** The next {@code calls} calls that the fault usually hits. */
  public static FaultRule times(int calls, Fault fault) {
    return always(fault).withCount(OptionalInt.of(calls));
  }

  /** The same for one region. */
  public FaultRule in(String onlyRegion) {
    return new FaultRule(
        name, fault, call, Optional.of(onlyRegion), project, metric, probability, count);
  }

  /** The same for one method. */
  public FaultRule on(String onlyCall) {
    return new FaultRule(name, fault, onlyCall, region, project, metric, probability, count);
  }

  /** The same under another name. */
  public FaultRule named(String other) {
    return new FaultRule(other, fault, call, region, project, metric, probability, count);
  }

  /** The same with another count. */
  public FaultRule withCount(OptionalInt left) {
    return new FaultRule(name, fault, call, region, project, metric, probability, left);
  }

  boolean matches(Call made) {
    return (call.equals("*") || call.equals(made.method()))
        && region.map(made.region()::equals).orElse(true)
        && project.map(made.project()::equals).orElse(true)
        && metric.map(made.metrics()::contains).orElse(true);
  }
}
