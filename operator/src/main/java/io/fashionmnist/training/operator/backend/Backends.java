package io.fashionmnist.training.operator.backend;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.Placement;
import java.util.List;

/** The backends, by what the resource calls them. */
public record Backends(Backend cluster, Backend vertex) {
  /** The one that an attempt was made on. */
  public Backend of(Attempt attempt) {
    return of(attempt.backend());
  }

  /** The one that a placement is on. */
  public Backend of(Placement placement) {
    return of(placement.backend());
  }

  /** All. */
  public List<Backend> all() {
    return List.of(cluster, vertex);
  }

  private Backend of(io.fashionmnist.training.api.v1alpha1.Backend backend) {
    return switch (backend) {
      case CLUSTER -> cluster;
      case VERTEX -> vertex;
    };
  }
}
