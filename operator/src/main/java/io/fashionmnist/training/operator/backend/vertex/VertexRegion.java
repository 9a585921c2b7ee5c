package io.fashionmnist.training.operator.backend.vertex;

/** A project's jobs in a region: what one list shows. */
public record VertexRegion(String project, String region) {
  /** As the API names it. */
  String parent() {
    return "projects/%s/locations/%s".formatted(project, region);
  }
}
