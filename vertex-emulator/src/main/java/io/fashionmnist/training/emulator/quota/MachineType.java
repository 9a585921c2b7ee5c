package io.fashionmnist.training.emulator.quota;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Compute Engine machine type that Vertex AI trains on.
 *
 * @param name such as {@code n1-standard-4}
 * @param family such as {@code n1}
 * @param cpus virtual CPUs
 */
public record MachineType(String name, String family, int cpus) {
  private static final Pattern NUMBERED =
      Pattern.compile("(n1|n2|n2d|n4|e2|c2|c2d|c3|m1|g2)-(\\w+)-(\\d+)");

  /** Smallest and largest sizes that a family's kind has; a size is a power of two or listed. */
  private static final Map<String, Set<Integer>> SIZES =
      Map.ofEntries(
          Map.entry("n1-standard", Set.of(4, 8, 16, 32, 64, 96)),
          Map.entry("n1-highmem", Set.of(2, 4, 8, 16, 32, 64, 96)),
          Map.entry("n1-highcpu", Set.of(16, 32, 64, 96)),
          Map.entry("e2-standard", Set.of(4, 8, 16, 32)),
          Map.entry("e2-highmem", Set.of(2, 4, 8, 16)),
          Map.entry("e2-highcpu", Set.of(16, 32)),
          Map.entry("c2-standard", Set.of(4, 8, 16, 30, 60)),
          Map.entry("m1-ultramem", Set.of(40, 80, 160)),
          Map.entry("m1-megamem", Set.of(96)),
          Map.entry("g2-standard", Set.of(4, 8, 12, 16, 24, 32, 48, 96)));

  /** Types whose name ends in a count of accelerators: their CPUs are known by table only. */
  private static final Map<String, Integer> BY_TABLE =
      Map.ofEntries(
          Map.entry("a2-highgpu-1g", 12),
          Map.entry("a2-highgpu-2g", 24),
          Map.entry("a2-highgpu-4g", 48),
          Map.entry("a2-highgpu-8g", 96),
          Map.entry("a2-megagpu-16g", 96),
          Map.entry("a2-ultragpu-1g", 12),
          Map.entry("a2-ultragpu-2g", 24),
          Map.entry("a2-ultragpu-4g", 48),
          Map.entry("a2-ultragpu-8g", 96),
          Map.entry("a3-highgpu-1g", 26),
          Map.entry("a3-highgpu-2g", 52),
          Map.entry("a3-highgpu-4g", 104),
          Map.entry("a3-highgpu-8g", 208),
          Map.entry("a3-edgegpu-8g", 208),
          Map.entry("a3-megagpu-8g", 208),
          Map.entry("a3-ultragpu-8g", 224),
          Map.entry("a4-highgpu-8g", 224));

  /** Finds a machine type by its name; empty when the service does not have it. */
  public static Optional<MachineType> of(String name) {
    Integer known = BY_TABLE.get(name);
    if (known != null) {
      return Optional.of(new MachineType(name, name.substring(0, name.indexOf('-')), known));
    }
    Matcher matcher = NUMBERED.matcher(name);
    if (!matcher.matches() || matcher.group(3).length() > 4) {
      return Optional.empty();
    }
    int cpus = Integer.parseInt(matcher.group(3));
    Set<Integer> sizes = SIZES.get(matcher.group(1) + "-" + matcher.group(2));
    if (sizes == null ? cpus < 1 || cpus > 512 : !sizes.contains(cpus)) {
      return Optional.empty();
    }
    return Optional.of(new MachineType(name, matcher.group(1), cpus));
  }

  /** The metric that counts this type's CPUs; N1 and E2 share the one without a family. */
  public String cpuMetric() {
    return switch (family) {
      case "n1", "e2" -> "custom_model_training_cpus";
      default -> "custom_model_training_" + family + "_cpus";
    };
  }

  /** Whether accelerators can be attached to this type. */
  public boolean takesAccelerator(String accelerator) {
    return switch (family) {
      case "n1" -> Set.of("T4", "V100", "P100", "P4", "K80").contains(lastWord(accelerator));
      case "g2" -> accelerator.equals("NVIDIA_L4");
      case "a2" ->
          name.startsWith("a2-ultragpu")
              ? accelerator.equals("NVIDIA_A100_80GB")
              : accelerator.equals("NVIDIA_TESLA_A100");
      case "a3" -> accelerator.startsWith("NVIDIA_H100") || accelerator.startsWith("NVIDIA_H200");
      case "a4" -> accelerator.startsWith("NVIDIA_B200");
      default -> false;
    };
  }

  private static String lastWord(String accelerator) {
    return accelerator.startsWith("NVIDIA_TESLA_") ? accelerator.substring(13) : "";
  }
}
