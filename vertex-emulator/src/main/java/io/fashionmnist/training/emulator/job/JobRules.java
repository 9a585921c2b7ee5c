package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.CustomJobSpec;
import com.google.cloud.aiplatform.v1.MachineSpec;
import com.google.cloud.aiplatform.v1.WorkerPoolSpec;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.Violations;
import io.fashionmnist.training.emulator.quota.MachineType;
import java.util.Optional;

/** What the service checks in a new job, and how it says what is wrong: all of it at once. */
public final class JobRules {
  private final Violations violations = new Violations();

  private JobRules() {}

  /**
   * Checks a new job.
   *
   * @throws ApiException INVALID_ARGUMENT with everything that is wrong
   */
  public static void check(CustomJob job) {
    JobRules rules = new JobRules();
    rules.top(job);
    rules.spec(job.getJobSpec());
    rules.violations.refuse();
  }

  private void top(CustomJob job) {
    violations.displayName("custom_job.display_name", job.getDisplayName());
    violations.labels("custom_job.labels", job.getLabelsMap());
    if (!job.hasJobSpec()) {
      wrong("custom_job.job_spec", Violations.REQUIRED);
    }
  }

  private void spec(CustomJobSpec spec) {
    String output = spec.getBaseOutputDirectory().getOutputUriPrefix();
    if (spec.hasBaseOutputDirectory() && !output.startsWith("gs://")) {
      wrong(
          "custom_job.job_spec.base_output_directory.output_uri_prefix",
          "The Cloud Storage path must start with gs://.");
    }
    if (spec.getWorkerPoolSpecsCount() == 0) {
      wrong("custom_job.job_spec.worker_pool_specs", Violations.REQUIRED);
    }
    for (int i = 0; i < spec.getWorkerPoolSpecsCount(); i++) {
      WorkerPoolSpec pool = spec.getWorkerPoolSpecs(i);
      if (i == 0 || !pool.equals(WorkerPoolSpec.getDefaultInstance())) {
        pool("custom_job.job_spec.worker_pool_specs[" + i + "]", pool, i == 0);
      }
    }
  }

  private void pool(String field, WorkerPoolSpec pool, boolean chief) {
    if (pool.getReplicaCount() < 0) {
      wrong(field + ".replica_count", "The value must not be negative.");
    }
    if (chief && pool.getReplicaCount() > 1) {
      wrong(field + ".replica_count", "The primary worker pool must have exactly one replica.");
    }
    switch (pool.getTaskCase()) {
      case CONTAINER_SPEC -> {
        if (pool.getContainerSpec().getImageUri().isEmpty()) {
          wrong(field + ".container_spec.image_uri", Violations.REQUIRED);
        }
        if (pool.getContainerSpec().getEnvCount() > 100) {
          wrong(
              field + ".container_spec.env", "No more than 100 environment variables can be set.");
        }
      }
      case PYTHON_PACKAGE_SPEC -> {
        if (pool.getPythonPackageSpec().getPythonModule().isEmpty()) {
          wrong(field + ".python_package_spec.python_module", Violations.REQUIRED);
        }
      }
      case TASK_NOT_SET -> wrong(field + ".task", Violations.REQUIRED);
    }
    String disk = pool.getDiskSpec().getBootDiskType();
    int size = pool.getDiskSpec().getBootDiskSizeGb();
    if (!disk.isEmpty() && !disk.matches("pd-ssd|pd-standard|hyperdisk-balanced")) {
      wrong(
          field + ".disk_spec.boot_disk_type", "Boot disk type \"" + disk + "\" is not supported.");
    }
    if (size != 0 && (size < 100 || size > 64000)) {
      wrong(
          field + ".disk_spec.boot_disk_size_gb",
          "The value must be between 100 and 64000, inclusive.");
    }
    machine(field + ".machine_spec", pool.getMachineSpec());
  }

  private void machine(String field, MachineSpec machine) {
    String name = machine.getMachineType();
    if (name.isEmpty()) {
      wrong(field + ".machine_type", Violations.REQUIRED);
      return;
    }
    Optional<MachineType> type = MachineType.of(name);
    if (type.isEmpty()) {
      wrong(field + ".machine_type", "Machine type \"" + name + "\" is not supported.");
      return;
    }
    int count = machine.getAcceleratorCount();
    if (count < 0) {
      wrong(field + ".accelerator_count", "The value must not be negative.");
    } else if (count > 0 || machine.getAcceleratorTypeValue() != 0) {
      accelerator(field, machine, type.get(), count);
    }
  }

  private void accelerator(String field, MachineSpec machine, MachineType type, int count) {
    if (machine.getAcceleratorTypeValue() == 0) {
      wrong(field + ".accelerator_type", "Accelerator type must be set with accelerator count.");
    } else if (count == 0) {
      wrong(field + ".accelerator_count", "Accelerator count must be set with accelerator type.");
    } else if (!type.takesAccelerator(machine.getAcceleratorType().name())) {
      wrong(
          field + ".accelerator_type",
          "Accelerator \""
              + machine.getAcceleratorType().name()
              + "\" is not supported for machine type \""
              + type.name()
              + "\".");
    }
  }

  private void wrong(String field, String message) {
    violations.add(field, message);
  }
}
