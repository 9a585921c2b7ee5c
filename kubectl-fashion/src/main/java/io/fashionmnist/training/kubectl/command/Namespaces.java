package io.fashionmnist.training.kubectl.command;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.Optional;

/** Whose namespace counts, as kubectl has it. */
final class Namespaces {
  private Namespaces() {}

  /** The manifest's or the option's; they must not differ. */
  static Optional<String> of(GenericKubernetesResource job, Optional<String> option) {
    Optional<String> own = Optional.ofNullable(job.getMetadata().getNamespace());
    if (own.isPresent() && option.isPresent() && !own.equals(option)) {
      throw Failure.usage(
          "the job %s is of namespace %s, and --namespace says %s",
          job.getMetadata().getName(), own.get(), option.get());
    }
    return own.or(() -> option);
  }
}
