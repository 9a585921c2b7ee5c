package io.fashionmnist.training.emulator.executor;

import com.google.cloud.aiplatform.v1.ContainerSpec;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fashionmnist.training.emulator.quota.MachineType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The pod that a job's first replica should be: what the service runs in its tenant project. Pure.
 */
final class TenantPod {
  /** The label that holds the job's id. */
  static final String JOB_LABEL = "vertex-emulator/job-id";

  private static final Map<String, String> OURS =
      Map.of("app.kubernetes.io/managed-by", "vertex-emulator");

  /** Memory per CPU in MiB; the service's machines have 3.75 GB and more. */
  private static final int MEMORY_PER_CPU = 3840;

  private TenantPod() {}

  /** The pod's name; a restart after a preemption is another pod. */
  static String name(Workload workload) {
    return "job-" + workload.jobId() + "-" + workload.restart();
  }

  /** The pod. */
  static Pod of(Workload workload, PodSettings settings) {
    ContainerSpec container = workload.chief().getContainerSpec();
    Map<String, Quantity> resources = resources(workload, settings);
    return new PodBuilder()
        .withNewMetadata()
        .withName(name(workload))
        .withNamespace(settings.namespace())
        .withLabels(OURS)
        .addToLabels(JOB_LABEL, workload.jobId())
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(settings.grace().toSeconds())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(65532L)
        .withRunAsGroup(65532L)
        .withFsGroup(65532L)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewContainer()
        .withName("workerpool0-0")
        .withImage(container.getImageUri())
        .withCommand(container.getCommandList())
        .withArgs(container.getArgsList())
        .withEnv(environment(workload, settings))
        .withNewResources()
        .withRequests(resources)
        .withLimits(resources)
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .endEmptyDir()
        .endVolume()
        .endSpec()
        .build();
  }

  private static List<EnvVar> environment(Workload workload, PodSettings settings) {
    return ContainerEnvironment.of(workload, settings.environment()).entrySet().stream()
        .map(
            entry ->
                new EnvVarBuilder().withName(entry.getKey()).withValue(entry.getValue()).build())
        .toList();
  }

  private static Map<String, Quantity> resources(Workload workload, PodSettings settings) {
    int cpus =
        MachineType.of(workload.chief().getMachineSpec().getMachineType())
            .map(MachineType::cpus)
            .orElse(1);
    int memory = Math.min(settings.maxMemoryMib(), cpus * MEMORY_PER_CPU);
    SequencedMap<String, Quantity> resources = new LinkedHashMap<>();
    resources.put("cpu", new Quantity(String.valueOf(Math.min(settings.maxCpus(), cpus))));
    resources.put("memory", new Quantity(memory + "Mi"));
    return resources;
  }
}
