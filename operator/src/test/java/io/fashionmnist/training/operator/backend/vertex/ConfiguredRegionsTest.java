package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfiguredRegionsTest {
  @Test
  void namesAreVisitedAndPatternsAreLookedUp() {
    ConfiguredRegions regions =
        regions(
            tenant(List.of("shop"), List.of("us-central1", "europe-west*")),
            tenant(List.of("lab-*"), List.of("us-central1")),
            tenant(List.of("lab-1"), List.of("me-west1")));

    assertThat(regions.ofSettings())
        .containsExactlyInAnyOrder(
            new VertexRegion("shop", "us-central1"), new VertexRegion("lab-1", "me-west1"));
    assertThat(regions.ofPatterns())
        .contains(
            new VertexRegion("shop", "europe-west1"),
            new VertexRegion("shop", "europe-west4"),
            new VertexRegion("lab-1", "us-central1"))
        .doesNotContainAnyElementsOf(regions.ofSettings())
        .allMatch(region -> region.project().equals("lab-1") || region.region().contains("west"));
  }

  @Test
  void whoMayGoNowhereIsLookedForNowhere() {
    assertThat(regions(tenant(List.of("*"), List.of("*"))).ofPatterns()).isEmpty();
    assertThat(regions(tenant(List.of("shop"), List.of())).ofPatterns()).isEmpty();
  }

  private static Tenant tenant(List<String> projects, List<String> regions) {
    return new Tenant(null, projects, regions, null, null, null);
  }

  private static ConfiguredRegions regions(Tenant... tenants) {
    return new ConfiguredRegions(
        new OperatorSettings(
            null, null, null, null, List.of(tenants), null, null, null, null, null, null));
  }
}
