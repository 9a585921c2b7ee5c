package io.fashionmnist.training.emulator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.AcceleratorType;
import com.google.cloud.aiplatform.v1.CustomJobSpec;
import com.google.cloud.aiplatform.v1.Scheduling.Strategy;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which metrics a machine takes. */
class DemandsTest {
  @ParameterizedTest
  @CsvSource({
    "n1-standard-4,  1, 0,                 0, STANDARD, cpus=4 pd_ssd=100",
    "n1-highmem-2,   3, 0,                 0, STANDARD, cpus=6 pd_ssd=300",
    "e2-standard-8,  1, 0,                 0, STANDARD, cpus=8 pd_ssd=100",
    "n2-standard-16, 1, 0,                 0, STANDARD, n2_cpus=16 pd_ssd=100",
    "c2-standard-30, 1, 0,                 0, STANDARD, c2_cpus=30 pd_ssd=100",
    "n1-standard-8,  2, NVIDIA_TESLA_T4,   2, STANDARD, cpus=16 nvidia_t4_gpus=4 pd_ssd=200",
    "g2-standard-4,  1, NVIDIA_L4,         1, STANDARD, g2_cpus=4 nvidia_l4_gpus=1 pd_ssd=100",
    "a2-highgpu-1g,  1, NVIDIA_TESLA_A100, 1, STANDARD, a2_cpus=12 nvidia_a100_gpus=1 pd_ssd=100",
    "a2-ultragpu-2g, 1, NVIDIA_A100_80GB,  2, STANDARD, a2_cpus=24 nvidia_a100_80gb_gpus=2 pd_ssd=100",
    "n1-standard-4,  1, 0,                 0, SPOT,     preemptible_cpus=4 pd_ssd=100",
    "n1-standard-4,  1, NVIDIA_TESLA_V100, 1, SPOT,     preemptible_cpus=4 preemptible_nvidia_v100_gpus=1 pd_ssd=100",
    "n2-standard-4,  1, 0,                 0, FLEX_START, preemptible_cpus=4 pd_ssd=100",
  })
  void countsMachinesAcceleratorsAndDisks(
      String machine,
      long replicas,
      String accelerator,
      int count,
      Strategy strategy,
      String want) {
    var spec = CustomJobSpec.newBuilder();
    spec.getSchedulingBuilder().setStrategy(strategy);
    var pool = spec.addWorkerPoolSpecsBuilder().setReplicaCount(replicas);
    pool.getMachineSpecBuilder().setMachineType(machine).setAcceleratorCount(count);
    if (count > 0) {
      pool.getMachineSpecBuilder().setAcceleratorType(AcceleratorType.valueOf(accelerator));
    }
    Map<String, Long> expected = new TreeMap<>();
    for (String each : want.split(" ")) {
      expected.put(
          "custom_model_training_" + each.split("=")[0], Long.parseLong(each.split("=")[1]));
    }
    assertThat(Demands.of(spec.build()).amounts()).isEqualTo(expected);
  }
}
