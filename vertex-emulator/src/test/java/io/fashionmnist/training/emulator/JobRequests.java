package io.fashionmnist.training.emulator;

import com.google.cloud.aiplatform.v1.ContainerSpec;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.CustomJobSpec;
import com.google.cloud.aiplatform.v1.GcsDestination;
import com.google.cloud.aiplatform.v1.MachineSpec;
import com.google.cloud.aiplatform.v1.Scheduling;
import com.google.cloud.aiplatform.v1.WorkerPoolSpec;

/** Jobs as clients ask for them. */
public final class JobRequests {
  private JobRequests() {}

  /** One replica of a machine type that writes to {@code gs://bucket/run}. */
  public static CustomJob job(String displayName, String machineType) {
    return CustomJob.newBuilder()
        .setDisplayName(displayName)
        .setJobSpec(
            CustomJobSpec.newBuilder()
                .setBaseOutputDirectory(
                    GcsDestination.newBuilder().setOutputUriPrefix("gs://bucket/run"))
                .setScheduling(Scheduling.newBuilder().setDisableRetries(true))
                .addWorkerPoolSpecs(
                    WorkerPoolSpec.newBuilder()
                        .setReplicaCount(1)
                        .setMachineSpec(MachineSpec.newBuilder().setMachineType(machineType))
                        .setContainerSpec(
                            ContainerSpec.newBuilder()
                                .setImageUri("us-docker.pkg.dev/p/r/fashion-trainer:1")
                                .addArgs("train"))))
        .build();
  }
}
