package io.fashionmnist.training.kubectl.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;

/**
 * A pod that prints files of a volume, each by a container of its own, and may do nothing else. It
 * is like the attempt's own pods in all that decides whether it can start: their image, their user,
 * their nodes. Pure.
 */
final class ReaderPod {
  private static final String MOUNT = "/volume";
  private static final long SECONDS = 120;

  private ReaderPod() {}

  /**
   * The pod.
   *
   * @param attempt the Job whose output it reads
   * @param uri {@code pvc://claim/folder}
   */
  static Pod of(Job attempt, String uri, List<String> files) {
    String[] parts = uri.replaceFirst("^pvc://", "").replaceAll("/+$", "").split("/", 2);
    String folder = MOUNT + (parts.length == 2 ? "/" + parts[1] : "");
    PodSpec like = attempt.getSpec().getTemplate().getSpec();
    String image = like.getContainers().getFirst().getImage();
    return new PodBuilder()
        .withNewMetadata()
        .withGenerateName(attempt.getMetadata().getName() + "-report-")
        .withNamespace(attempt.getMetadata().getNamespace())
        // Should nobody be there to delete it.
        .addNewOwnerReference()
        .withApiVersion(attempt.getApiVersion())
        .withKind(attempt.getKind())
        .withName(attempt.getMetadata().getName())
        .withUid(attempt.getMetadata().getUid())
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withActiveDeadlineSeconds(SECONDS)
        .withTerminationGracePeriodSeconds(0L)
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withImagePullSecrets(like.getImagePullSecrets())
        .withNodeSelector(like.getNodeSelector())
        .withTolerations(like.getTolerations())
        .withSecurityContext(like.getSecurityContext())
        .addNewVolume()
        .withName("output")
        .withNewPersistentVolumeClaim(parts[0], true)
        .endVolume()
        .withContainers(files.stream().map(file -> printing(image, folder, file)).toList())
        .endSpec()
        .build();
  }

  /** The name of the container that prints a file. */
  static String container(String file) {
    return file.replaceAll("[^a-z0-9]", "-");
  }

  private static Container printing(String image, String folder, String file) {
    var little = Map.of("cpu", new Quantity("50m"), "memory", new Quantity("32Mi"));
    return new ContainerBuilder()
        .withName(container(file))
        .withImage(image)
        .withCommand("cat", folder + "/" + file)
        .withNewResources()
        .withRequests(little)
        .withLimits(little)
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .addToDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addNewVolumeMount()
        .withName("output")
        .withMountPath(MOUNT)
        .withReadOnly(true)
        .endVolumeMount()
        .build();
  }
}
