package io.fashionmnist.training.operator.quota;

import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement.Strategy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a custom job takes of its project's quotas in its region. Pure.
 *
 * @param shape the machine as one text: what a stockout, which names no metric, is remembered by
 * @param amounts by metric, without the service's name: CPUs, accelerators, GB of disk
 * @param unmetered what surely has a quota whose name is not known
 * @see <a href="https://cloud.google.com/vertex-ai/docs/quotas">Vertex AI quotas</a>
 */
public record QuotaDemand(
    String shape, SortedMap<String, Long> amounts, List<Unmetered> unmetered) {
  private static final int DEFAULT_DISK_GB = 100;
  private static final String PREFIX = "custom_model_training_";
  private static final String DISK = PREFIX + "pd_ssd";

  /** The families whose CPUs have a quota of a known name. N1 and E2 share one. */
  private static final Map<String, String> CPUS =
      Map.ofEntries(
          Map.entry("n1", "cpus"),
          Map.entry("e2", "cpus"),
          Map.entry("n2", "n2_cpus"),
          Map.entry("n4", "n4_cpus"),
          Map.entry("c2", "c2_cpus"),
          Map.entry("g2", "g2_cpus"),
          Map.entry("a2", "a2_cpus"),
          Map.entry("a3", "a3_cpus"),
          Map.entry("m1", "m1_cpus"));

  private static final Map<String, String> SPOT_CPUS =
      Map.of("n1", "preemptible_cpus", "e2", "preemptible_cpus");

  private static final Map<String, String> ACCELERATORS =
      Map.ofEntries(
          Map.entry("NVIDIA_TESLA_T4", "nvidia_t4_gpus"),
          Map.entry("NVIDIA_L4", "nvidia_l4_gpus"),
          Map.entry("NVIDIA_TESLA_V100", "nvidia_v100_gpus"),
          Map.entry("NVIDIA_TESLA_P100", "nvidia_p100_gpus"),
          Map.entry("NVIDIA_TESLA_P4", "nvidia_p4_gpus"),
          Map.entry("NVIDIA_TESLA_K80", "nvidia_k80_gpus"),
          Map.entry("NVIDIA_TESLA_A100", "nvidia_a100_gpus"),
          Map.entry("NVIDIA_A100_80GB", "nvidia_a100_80gb_gpus"),
          Map.entry("NVIDIA_H100_80GB", "nvidia_h100_gpus"));

  public QuotaDemand {
    amounts = Collections.unmodifiableSortedMap(new TreeMap<>(amounts));
    unmetered = List.copyOf(unmetered);
  }

  /**
   * Something whose metric is not known.
   *
   * @param what for people, such as "CPUs of c3 machines"
   * @param candidate the metric, if it is named like the others; never counted on unseen
   * @param amount how much of it; absent if that is not known either
   */
  public record Unmetered(String what, String candidate, Optional<Long> amount) {}

  /** Some accelerators of each machine. */
  public record Accelerators(String type, int count) {}

  /** Whether a name is a quota metric's, and not a machine's shape. */
  public static boolean isMetric(String name) {
    return name.startsWith(PREFIX);
  }

  /** What each of a placement's jobs takes. */
  public static QuotaDemand of(VertexPlacement placement, int replicas) {
    return of(
        placement.machineType(),
        replicas,
        placement.strategy(),
        Optional.ofNullable(placement.acceleratorType())
            .map(
                type ->
                    new Accelerators(
                        type, Optional.ofNullable(placement.acceleratorCount()).orElse(1))),
        Optional.ofNullable(placement.bootDiskSizeGb()).orElse(DEFAULT_DISK_GB));
  }

  /** What so many machines take together. */
  public static QuotaDemand of(
      String machineType,
      int replicas,
      Strategy strategy,
      Optional<Accelerators> accelerators,
      int bootDiskGb) {
    SortedMap<String, Long> amounts = new TreeMap<>();
    List<Unmetered> unmetered = new ArrayList<>();
    boolean spot = strategy == Strategy.SPOT;
    Machine machine = Machine.of(machineType);
    Optional<Long> cpus = machine.cpus().map(each -> each * replicas);
    Optional<String> known = Optional.ofNullable((spot ? SPOT_CPUS : CPUS).get(machine.family()));
    if (known.isPresent() && cpus.isPresent()) {
      amounts.put(PREFIX + known.get(), cpus.get());
    } else {
      unmetered.add(
          new Unmetered(
              "CPUs of %s%s machines".formatted(spot ? "Spot " : "", machine.family()),
              PREFIX
                  + known.orElse(
                      (spot ? "preemptible_" : "")
                          + machine.family().toLowerCase(Locale.ROOT)
                          + "_cpus"),
              cpus));
    }
    accelerators.ifPresent(
        each -> {
          long count = (long) each.count() * replicas;
          String metric = ACCELERATORS.get(each.type());
          String preemptible = spot ? "preemptible_" : "";
          if (metric == null) {
            unmetered.add(
                new Unmetered(
                    each.type(),
                    PREFIX + preemptible + candidate(each.type()),
                    Optional.of(count)));
          } else {
            amounts.put(PREFIX + preemptible + metric, count);
          }
        });
    amounts.put(DISK, (long) bootDiskGb * replicas);
    String shape =
        machineType
            + accelerators
                .map(each -> " with %d %s".formatted(each.count(), each.type()))
                .orElse("")
            + (spot ? " Spot" : "");
    return new QuotaDemand(shape, amounts, unmetered);
  }

  /** The same demand with what the project's list of metrics tells of the names not known. */
  public QuotaDemand discovered(Set<String> metrics) {
    SortedMap<String, Long> found = new TreeMap<>(amounts);
    List<Unmetered> left = new ArrayList<>();
    for (Unmetered each : unmetered) {
      if (each.amount().isPresent() && metrics.contains(each.candidate())) {
        found.merge(each.candidate(), each.amount().get(), Long::sum);
      } else {
        left.add(each);
      }
    }
    return new QuotaDemand(shape, found, left);
  }

  /** NVIDIA_H200_141GB: nvidia_h200_gpus, as those that are known are named. */
  private static String candidate(String type) {
    return type.toLowerCase(Locale.ROOT).replace("_tesla_", "_").replaceAll("_[0-9]+gb$", "")
        + "_gpus";
  }
}
