package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where custom jobs may be, by the settings and by what resources say. Pure. */
final class ConfiguredRegions {
  private final OperatorSettings settings;

  ConfiguredRegions(OperatorSettings settings) {
    this.settings = settings;
  }

  /** By the settings: the defaults, the default placements, and what tenants name. */
  Set<VertexRegion> ofSettings() {
    return Stream.of(
            region(null, null).stream(),
            settings.placements().stream().flatMap(this::of),
            settings.tenants().stream().flatMap(this::of))
        .flatMap(each -> each)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** By a resource's placements, which may name what does not exist. */
  Set<VertexRegion> ofPlacements(FashionTrainingJob job) {
    return job.getSpec().placements().stream()
        .flatMap(this::of)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** By a resource's attempts. */
  static Set<VertexRegion> ofAttempts(FashionTrainingJob job) {
    return job.currentStatus().attempts().stream()
        .flatMap(attempt -> Optional.ofNullable(attempt.location()).stream())
        .map(VertexRegion::of)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Stream<VertexRegion> of(Placement placement) {
    return Optional.ofNullable(placement.vertex())
        .flatMap(vertex -> region(vertex.project(), vertex.region()))
        .stream();
  }

  /**
   * By the patterns of tenants, where custom jobs of resources that are gone may be: every region
   * that fits one, in every project that fits and that the settings name anywhere. A project that
   * only a pattern allows is known by resources alone.
   */
  Set<VertexRegion> ofPatterns() {
    Set<VertexRegion> named = ofSettings();
    Set<String> projects =
        Stream.concat(
                named.stream().map(VertexRegion::project),
                settings.tenants().stream().flatMap(tenant -> names(tenant.projects())))
            .collect(Collectors.toUnmodifiableSet());
    return settings.tenants().stream()
        .flatMap(tenant -> regions(tenant, projects))
        .filter(region -> !named.contains(region))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<VertexRegion> regions(Tenant tenant, Set<String> projects) {
    Set<String> fitting =
        Stream.concat(
                names(tenant.regions()),
                tenant.regions().stream()
                    .filter(ConfiguredRegions::pattern)
                    .flatMap(each -> Locations.matching(each).stream()))
            .collect(Collectors.toUnmodifiableSet());
    return projects.stream()
        .filter(project -> Tenant.matches(tenant.projects(), project))
        .flatMap(project -> fitting.stream().map(region -> new VertexRegion(project, region)));
  }

  private Stream<VertexRegion> of(Tenant tenant) {
    return names(tenant.projects())
        .flatMap(
            project -> names(tenant.regions()).map(region -> new VertexRegion(project, region)));
  }

  private Optional<VertexRegion> region(String project, String region) {
    Optional<String> of = Optional.ofNullable(project).or(settings.vertex()::defaultProject);
    Optional<String> in = Optional.ofNullable(region).or(settings.vertex()::defaultRegion);
    return of.flatMap(known -> in.map(where -> new VertexRegion(known, where)));
  }

  private static Stream<String> names(List<String> namesAndPatterns) {
    return namesAndPatterns.stream().filter(each -> !pattern(each));
  }

  private static boolean pattern(String name) {
    return name.contains("*");
  }
}
