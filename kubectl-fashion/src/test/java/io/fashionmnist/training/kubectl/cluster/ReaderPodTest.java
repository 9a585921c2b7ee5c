package io.fashionmnist.training.kubectl.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReaderPodTest {
  private static final Job ATTEMPT =
      Serialization.unmarshal(
          """
          apiVersion: batch/v1
          kind: Job
          metadata: {name: job-0f8f-2, namespace: team, uid: 0f8fad5b}
          spec:
            template:
              spec:
                nodeSelector: {pool: train}
                imagePullSecrets: [{name: registry}]
                tolerations: [{key: train, operator: Exists}]
                serviceAccountName: trainer
                securityContext: {runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
                containers: [{name: trainer, image: "fashion-trainer:1", env: [{name: SECRET, value: x}]}]
          """,
          Job.class);

  @Test
  void printsFilesAndMayDoNothingElse() {
    Pod pod =
        ReaderPod.of(
            ATTEMPT, "pvc://results/runs/job/attempt-2", List.of("report.html", "report.json"));

    var spec = pod.getSpec();
    assertThat(spec.getContainers())
        .extracting(each -> each.getName() + ": " + String.join(" ", each.getCommand()))
        .containsExactly(
            "report-html: cat /volume/runs/job/attempt-2/report.html",
            "report-json: cat /volume/runs/job/attempt-2/report.json");
    // What the Pod Security Standard "restricted" wants, and more.
    assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(spec.getContainers())
        .allSatisfy(
            each -> {
              assertThat(each.getImage()).isEqualTo("fashion-trainer:1");
              assertThat(each.getEnv()).isEmpty();
              assertThat(each.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
              assertThat(each.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
              assertThat(each.getSecurityContext().getCapabilities().getDrop())
                  .containsExactly("ALL");
              assertThat(each.getVolumeMounts().getFirst().getReadOnly()).isTrue();
            });
    assertThat(spec.getVolumes().getFirst().getPersistentVolumeClaim().getClaimName())
        .isEqualTo("results");
    assertThat(spec.getAutomountServiceAccountToken()).isFalse();
    assertThat(spec.getServiceAccountName()).isNull();
    assertThat(spec.getActiveDeadlineSeconds()).isEqualTo(120);
    assertThat(spec.getNodeSelector()).containsEntry("pool", "train");
    assertThat(pod.getMetadata().getOwnerReferences().getFirst().getUid()).isEqualTo("0f8fad5b");
  }

  @Test
  void aClaimsOwnFolderIsOneToo() {
    assertThat(
            ReaderPod.of(ATTEMPT, "pvc://results/", List.of("report.json"))
                .getSpec()
                .getContainers()
                .getFirst()
                .getCommand())
        .containsExactly("cat", "/volume/report.json");
  }
}
