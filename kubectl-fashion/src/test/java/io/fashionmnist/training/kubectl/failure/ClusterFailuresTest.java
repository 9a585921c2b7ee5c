package io.fashionmnist.training.kubectl.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class ClusterFailuresTest {
  @Test
  void namesTheRightThatIsMissing() {
    Failure failure =
        failure(
            403,
            "fashiontrainingjobs.training.fashion-mnist.io is forbidden: User \"anna\" cannot list"
                + " resource \"fashiontrainingjobs\" in API group \"training.fashion-mnist.io\" in the"
                + " namespace \"team-a\"");

    assertThat(failure)
        .hasMessage(
            "anna may not list fashiontrainingjobs in namespace team-a: ask for the verb list on"
                + " fashiontrainingjobs.training.fashion-mnist.io");
    assertThat(failure.exitCode()).isEqualTo(3);
  }

  @Test
  void tellsAllThatIsWrongWithAJob() {
    var status =
        new StatusBuilder()
            .withCode(422)
            .withNewDetails()
            .addNewCause("spec.training.epochs", "should be greater than 0", "FieldValueInvalid")
            .addNewCause("spec.output", "Invalid value: \"object\": bad", "FieldValueInvalid")
            .endDetails()
            .build();

    Failure failure = ClusterFailures.of(new KubernetesClientException(status), "https://here");

    assertThat(failure)
        .hasMessage(
            "the job is not valid:%n  spec.training.epochs: should be greater than 0%n  spec.output:"
                    .formatted()
                + " bad");
    assertThat(failure.exitCode()).isEqualTo(2);
  }

  @Test
  void saysThatNoClusterAnswers() {
    assertThat(
            ClusterFailures.of(
                new KubernetesClientException("x", new IOException(new ConnectException())),
                "https://here"))
        .hasMessageStartingWith("no cluster answers at https://here: connection refused");
  }

  @Test
  void saysThatTheChartIsMissing() {
    assertThat(failure(404, "the server could not find the requested resource"))
        .hasMessageContaining("install the operator's chart");
    assertThat(failure(401, "Unauthorized")).hasMessageContaining("does not know you");
    assertThat(failure(500, "etcd is gone")).hasMessage("the API server says: etcd is gone");
  }

  @Test
  void saysWhatIsNotThere() {
    var namespace =
        new StatusBuilder()
            .withCode(404)
            .withMessage("namespaces \"tema-a\" not found")
            .withNewDetails()
            .withKind("namespaces")
            .withName("tema-a")
            .endDetails()
            .build();
    var unknown = new StatusBuilder().withCode(404).withNewDetails().endDetails().build();

    assertThat(ClusterFailures.of(new KubernetesClientException(namespace), "https://here"))
        .hasMessage("there is no namespace tema-a");
    assertThat(ClusterFailures.of(new KubernetesClientException(unknown), "https://here"))
        .hasMessageContaining("install the operator's chart");
  }

  private static Failure failure(int code, String message) {
    return ClusterFailures.of(
        new KubernetesClientException(
            new StatusBuilder().withCode(code).withMessage(message).build()),
        "https://here");
  }
}
