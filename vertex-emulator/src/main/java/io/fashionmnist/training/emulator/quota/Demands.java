package io.fashionmnist.training.emulator.quota;

import com.google.cloud.aiplatform.v1.AcceleratorType;
import com.google.cloud.aiplatform.v1.CustomJobSpec;
import com.google.cloud.aiplatform.v1.WorkerPoolSpec;
import java.util.Locale;
import java.util.Map;

/** What a custom job takes: CPUs, accelerators and boot disks of all its replicas. */
public final class Demands {
  /** The metric of SSD boot disks, in GB; Spot jobs take the same. */
  public static final String SSD = "custom_model_training_pd_ssd";

  private static final Map<AcceleratorType, String> ACCELERATORS =
      Map.of(
          AcceleratorType.NVIDIA_TESLA_A100, "nvidia_a100",
          AcceleratorType.NVIDIA_A100_80GB, "nvidia_a100_80gb",
          AcceleratorType.NVIDIA_H100_80GB, "nvidia_h100",
          AcceleratorType.NVIDIA_H100_MEGA_80GB, "nvidia_h100_mega",
          AcceleratorType.NVIDIA_H200_141GB, "nvidia_h200");

  private Demands() {}

  /** The demand of a job whose machine types were checked before. */
  public static Demand of(CustomJobSpec spec) {
    boolean spot =
        switch (spec.getScheduling().getStrategy()) {
          case SPOT, FLEX_START -> true;
          default -> false;
        };
    Demand demand = Demand.NONE;
    for (WorkerPoolSpec pool : spec.getWorkerPoolSpecsList()) {
      demand = demand.plus(of(pool, spot));
    }
    return demand;
  }

  private static Demand of(WorkerPoolSpec pool, boolean spot) {
    var machine = pool.getMachineSpec();
    // A pool that says nothing has one replica, as the service fills in.
    long replicas = Math.max(1, pool.getReplicaCount());
    Demand demand = Demand.NONE;
    MachineType type = MachineType.of(machine.getMachineType()).orElse(null);
    if (type != null) {
      String metric = spot ? "custom_model_training_preemptible_cpus" : type.cpuMetric();
      demand = demand.plus(metric, replicas * type.cpus());
    }
    if (machine.getAcceleratorCount() > 0) {
      String metric =
          "custom_model_training_"
              + (spot ? "preemptible_" : "")
              + metricName(machine.getAcceleratorType())
              + "_gpus";
      demand = demand.plus(metric, replicas * machine.getAcceleratorCount());
    }
    String disk = pool.getDiskSpec().getBootDiskType();
    if (disk.isEmpty() || disk.equals("pd-ssd")) {
      int size = pool.getDiskSpec().getBootDiskSizeGb();
      demand = demand.plus(SSD, replicas * (size == 0 ? 100 : size));
    }
    return demand;
  }

  private static String metricName(AcceleratorType type) {
    String known = ACCELERATORS.get(type);
    return known != null ? known : type.name().toLowerCase(Locale.ROOT).replace("_tesla", "");
  }
}
