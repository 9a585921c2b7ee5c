package io.fashionmnist.training.operator.backend.cluster;

import java.util.Optional;

/** What a trainer has to trust to report while it runs. */
@FunctionalInterface
public interface ProgressAuthority {
  /** Certificates, PEM; empty where no progress is taken. */
  Optional<String> certificates();
}
