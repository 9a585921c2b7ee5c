package io.fashionmnist.training.trainer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What must not come with the trainer. */
class ClassPathTest {
  @Test
  void noKubernetesClientIsOnTheClassPath() {
    assertThatThrownBy(() -> Class.forName("io.fabric8.kubernetes.client.KubernetesClient"))
        .isInstanceOf(ClassNotFoundException.class);
  }
}
