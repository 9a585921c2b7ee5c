package io.fashionmnist.training.kubectl.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestsTest {
  private static final Path ARGO_CD_ACTION =
      Path.of(
          "../argocd/resource_customizations/training.fashion-mnist.io/FashionTrainingJob/actions/retry/action.lua");
  private static final String JOB =
      "{apiVersion: training.fashion-mnist.io/v1alpha1, kind: FashionTrainingJob, metadata: {name:"
          + " %s, labels: {a: b}, annotations: {note: mine,"
          + " kubectl.kubernetes.io/last-applied-configuration: old}, uid: u}, spec: {unknown: {to:"
          + " us}}, status: {phase: Failed}}";

  @Test
  void readsAllJobsOfAFile() {
    List<GenericKubernetesResource> jobs =
        Manifests.parse(
            "---\n" + JOB.formatted("a") + "\n---\n" + JOB.formatted("b") + "\n---\n", "file");

    assertThat(jobs).extracting(job -> job.getMetadata().getName()).containsExactly("a", "b");
  }

  @Test
  void startsAgainWithTheSameSpecificationAndNothingElse() {
    GenericKubernetesResource again =
        Manifests.again(Manifests.parse(JOB.formatted("a"), "file").getFirst(), "a-2");

    assertThat(again.getMetadata().getName()).isEqualTo("a-2");
    assertThat(again.getMetadata().getUid()).isNull();
    assertThat(again.getMetadata().getLabels()).containsEntry("a", "b");
    assertThat(again.getMetadata().getAnnotations()).containsOnlyKeys("note");
    assertThat(again.getAdditionalProperties()).containsOnlyKeys("spec");
    assertThat(again.get("spec", "unknown").toString()).isEqualTo("{to=us}");
  }

  /** What Argo CD or kubectl know their own by does not go along, nor does a pause. */
  @Test
  void takesNothingAlongThatTiesTheCopyToArgoCd() {
    GenericKubernetesResource job =
        Manifests.parse(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata:
                  name: quickstart
                  labels:
                    app.kubernetes.io/instance: training
                    argocd.argoproj.io/instance: training
                    kueue.x-k8s.io/queue-name: trainers
                  annotations:
                    argocd.argoproj.io/tracking-id: "training:group/kind:namespace/quickstart"
                    argocd.argoproj.io/installation-id: one
                    argocd.argoproj.io/sync-wave: "5"
                    kubectl.kubernetes.io/last-applied-configuration: "{}"
                    note: mine
                spec: {runPolicy: {suspend: true, backoffLimit: 1}}
                """,
                "file")
            .getFirst();

    GenericKubernetesResource again = Manifests.again(job, "quickstart-2");

    assertThat(again.getMetadata().getLabels())
        .containsOnly(
            entry("kueue.x-k8s.io/queue-name", "trainers"),
            entry("training.fashion-mnist.io/retry-of", "quickstart"));
    assertThat(again.getMetadata().getAnnotations()).containsOnly(entry("note", "mine"));
    assertThat(again.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(again.get("spec").toString())
        .isEqualTo("{runPolicy={suspend=false, backoffLimit=1}}");
    assertThat(job.get("spec").toString()).isEqualTo("{runPolicy={suspend=true, backoffLimit=1}}");
  }

  /** All that repeat one job are found by one label, which Argo CD's action sets too. */
  @Test
  void remembersTheFirstOfAllThatRepeatIt() throws IOException {
    GenericKubernetesResource second =
        Manifests.again(Manifests.parse(JOB.formatted("a"), "file").getFirst(), "a-2");

    GenericKubernetesResource third = Manifests.again(second, "a-3");

    assertThat(second.getMetadata().getLabels())
        .containsOnly(entry("a", "b"), entry(Manifests.RETRY_OF, "a"));
    assertThat(third.getMetadata().getLabels()).containsEntry(Manifests.RETRY_OF, "a");
    assertThat(Files.readString(ARGO_CD_ACTION))
        .contains("local RETRY_OF = \"" + Manifests.RETRY_OF + "\"\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{kind: Pod, metadata: {name: p}}' | here is a kind Pod: kubectl apply -f makes that",
        "'{kind: FashionTrainingJob}' | metadata.name is missing",
        "'- a' | a document that is no Kubernetes object",
        "'' | there is no FashionTrainingJob in it",
        "'a: [' | file, line 1:",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> Manifests.parse(text, "file"))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(2))
        .hasMessageContaining(message)
        .hasMessageStartingWith("file");
  }
}
