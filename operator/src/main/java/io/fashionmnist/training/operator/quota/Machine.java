package io.fashionmnist.training.operator.quota;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine type's family and CPUs, from its name.
 *
 * @param family such as n1
 * @param cpus how many a machine has, if its name tells
 * @see <a href="https://cloud.google.com/compute/docs/machine-resource">Machine families</a>
 */
record Machine(String family, Optional<Long> cpus) {
  private static final Pattern NAME =
      Pattern.compile("([a-z][a-z0-9]*)-[a-z]+(?:-([0-9]+)(?:-lssd)?)?(?:-.*)?");

  /** Whose names end in the number of accelerators. */
  private static final Map<String, Long> BY_ACCELERATORS =
      Map.ofEntries(
          Map.entry("a2-highgpu-1g", 12L),
          Map.entry("a2-highgpu-2g", 24L),
          Map.entry("a2-highgpu-4g", 48L),
          Map.entry("a2-highgpu-8g", 96L),
          Map.entry("a2-megagpu-16g", 96L),
          Map.entry("a2-ultragpu-1g", 12L),
          Map.entry("a2-ultragpu-2g", 24L),
          Map.entry("a2-ultragpu-4g", 48L),
          Map.entry("a2-ultragpu-8g", 96L),
          Map.entry("a3-highgpu-1g", 26L),
          Map.entry("a3-highgpu-2g", 52L),
          Map.entry("a3-highgpu-4g", 104L),
          Map.entry("a3-highgpu-8g", 208L),
          Map.entry("a3-megagpu-8g", 208L),
          Map.entry("a3-edgegpu-8g", 208L),
          Map.entry("a3-ultragpu-8g", 224L),
          Map.entry("a4-highgpu-8g", 224L));

  static Machine of(String type) {
    Matcher name = NAME.matcher(type);
    if (!name.matches()) {
      return new Machine(type, Optional.empty());
    }
    Optional<Long> cpus =
        Optional.ofNullable(BY_ACCELERATORS.get(type))
            .or(() -> Optional.ofNullable(name.group(2)).map(Long::valueOf));
    return new Machine(name.group(1), cpus);
  }
}
