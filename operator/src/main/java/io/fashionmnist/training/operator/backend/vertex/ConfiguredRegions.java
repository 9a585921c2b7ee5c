package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where custom jobs may be, by the settings and by what resources say. Pure. */
final class ConfiguredRegions {
  private final OperatorSettings settings;

  ConfiguredRegions(OperatorSettings settings) {
    this.settings = settings;
  }

  /** By the settings: the defaults, the default placements, and tenants without patterns. */
  Set<VertexRegion> ofSettings() {
    return Stream.of(
            region(null, null).stream(),
            settings.placements().stream().flatMap(this::of),
            settings.tenants().stream().flatMap(this::of))
        .flatMap(each -> each)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** By a resource: its placements and its attempts. */
  Set<VertexRegion> of(FashionTrainingJob job) {
    return Stream.concat(
            job.getSpec().placements().stream().flatMap(this::of),
            job.currentStatus().attempts().stream()
                .flatMap(attempt -> Optional.ofNullable(attempt.location()).stream())
                .map(VertexRegion::of))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Stream<VertexRegion> of(Placement placement) {
    return Optional.ofNullable(placement.vertex())
        .flatMap(vertex -> region(vertex.project(), vertex.region()))
        .stream();
  }

  private Stream<VertexRegion> of(Tenant tenant) {
    List<String> regions = withoutPatterns(tenant.regions());
    return withoutPatterns(tenant.projects()).stream()
        .flatMap(project -> regions.stream().map(region -> new VertexRegion(project, region)));
  }

  private Optional<VertexRegion> region(String project, String region) {
    Optional<String> of = Optional.ofNullable(project).or(settings.vertex()::defaultProject);
    Optional<String> in = Optional.ofNullable(region).or(settings.vertex()::defaultRegion);
    return of.flatMap(known -> in.map(where -> new VertexRegion(known, where)));
  }

  private static List<String> withoutPatterns(List<String> names) {
    return List.copyOf(new TreeSet<>(names.stream().filter(name -> !name.contains("*")).toList()));
  }
}
