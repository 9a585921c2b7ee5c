package io.fashionmnist.training.kubectl.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestsTest {
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
