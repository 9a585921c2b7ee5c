package io.fashionmnist.training.operator.placement;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The accelerators that a custom job can ask for. A name that the service does not know would be
 * refused only after the attempt had begun.
 *
 * @see <a
 *     href="https://cloud.google.com/vertex-ai/docs/reference/rest/v1/MachineSpec#AcceleratorType">AcceleratorType</a>
 */
public final class Accelerators {
  private static final Set<String> TYPES =
      Set.of(
          "NVIDIA_TESLA_K80",
          "NVIDIA_TESLA_P100",
          "NVIDIA_TESLA_V100",
          "NVIDIA_TESLA_P4",
          "NVIDIA_TESLA_T4",
          "NVIDIA_TESLA_A100",
          "NVIDIA_A100_80GB",
          "NVIDIA_L4",
          "NVIDIA_H100_80GB",
          "NVIDIA_H100_MEGA_80GB",
          "NVIDIA_H200_141GB",
          "NVIDIA_B200",
          "NVIDIA_GB200",
          "NVIDIA_RTX_PRO_6000",
          "TPU_V2",
          "TPU_V3",
          "TPU_V4_POD",
          "TPU_V5_LITEPOD");

  private Accelerators() {}

  /** Their names, sorted. */
  public static List<String> types() {
    return List.copyOf(new TreeSet<>(TYPES));
  }

  /** Whether there is one of that name. */
  static boolean known(String type) {
    return TYPES.contains(type);
  }
}
