package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The volumes of a trainer's pod, and where its container finds them. Pure. */
record TrainerVolumes(List<Volume> volumes, List<VolumeMount> mounts) {
  private static final long TOKEN_SECONDS = 3_600;

  /**
   * Of an attempt.
   *
   * @param outputUri its folder
   * @param dataUri where its data are, if that is told
   * @param reports whether the trainer reports while it runs
   */
  static TrainerVolumes of(String outputUri, Optional<String> dataUri, boolean reports) {
    List<Volume> volumes = new ArrayList<>();
    List<VolumeMount> mounts = new ArrayList<>();
    volumes.add(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
    mounts.add(new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build());
    Optional<VolumeUri> output = VolumeUri.of(outputUri);
    Optional<VolumeUri> data = dataUri.flatMap(VolumeUri::of);
    output.ifPresent(
        uri -> {
          volumes.add(volume("output", uri, false));
          mounts.add(mount("output", TrainerPaths.OUTPUT, false));
        });
    data.ifPresent(
        uri -> {
          // A pod that names one claim twice never starts.
          boolean shared = output.filter(other -> other.claim().equals(uri.claim())).isPresent();
          if (!shared) {
            volumes.add(volume("data", uri, true));
          }
          mounts.add(mount(shared ? "output" : "data", TrainerPaths.DATA, true));
        });
    if (reports) {
      volumes.add(progressVolume());
      mounts.add(
          new VolumeMountBuilder()
              .withName("progress")
              .withMountPath(TrainerPaths.PROGRESS)
              .withReadOnly(true)
              .build());
    }
    return new TrainerVolumes(volumes, mounts);
  }

  private static Volume volume(String name, VolumeUri uri, boolean readOnly) {
    return new VolumeBuilder()
        .withName(name)
        .withNewPersistentVolumeClaim(uri.claim(), readOnly ? true : null)
        .build();
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  /** The token, which the kubelet renews, and the certificates from the pod's annotation. */
  private static Volume progressVolume() {
    return new VolumeBuilder()
        .withName("progress")
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken(TrainerJob.AUDIENCE, TOKEN_SECONDS, "token")
        .endSource()
        .addNewSource()
        .withNewDownwardAPI()
        .addNewItem()
        .withPath("ca.crt")
        .withNewFieldRef("v1", "metadata.annotations['%s']".formatted(TrainerJob.PROGRESS_CA))
        .endItem()
        .endDownwardAPI()
        .endSource()
        .endProjected()
        .build();
  }
}
