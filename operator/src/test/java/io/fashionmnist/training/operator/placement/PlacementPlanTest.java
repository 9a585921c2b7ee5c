package io.fashionmnist.training.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.Eligibility;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.config.VertexSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invariant 6: every placement is inside the namespace's allow-list. */
class PlacementPlanTest {
  private static final OperatorSettings SETTINGS =
      new OperatorSettings(
          null,
          null,
          null,
          null,
          List.of(
              new Tenant(
                  List.of("team-a"),
                  List.of("shop"),
                  List.of("us-*"),
                  List.of("a-*@shop.iam.gserviceaccount.com"),
                  null,
                  List.of("team-a-*")),
              new Tenant(List.of("team-b"), null, null, null, null, null)),
          null,
          new VertexSettings(
              "shop",
              null,
              "default@shop.iam.gserviceaccount.com",
              null,
              null,
              null,
              null,
              null,
              null,
              null),
          null,
          null,
          null,
          null);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          team-a | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4} |
          team-a | gs://team-a-x/y | {machineType: n1-standard-4} | RegionMissing
          team-a | gs://team-a-x/y | {region: europe-west4, machineType: n1-standard-4} | RegionNotAllowed
          team-a | gs://team-a-x/y | {project: other, region: us-east1, machineType: n1-standard-4} | ProjectNotAllowed
          team-a | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4, serviceAccount: a-1@shop.iam.gserviceaccount.com} |
          team-a | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4, serviceAccount: b@shop.iam.gserviceaccount.com} | ServiceAccountNotAllowed
          team-a | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4, serviceAccount: someone} | ServiceAccountInvalid
          team-a | pvc://claim/x | {region: us-east1, machineType: n1-standard-4} | OutputNotReachable
          team-a | pvc://claim/x | {region: us-east1, machineType: n1-standard-4, outputUri: gs://team-a-x/y} |
          team-a | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4, outputUri: gs://theirs/y} | BucketNotAllowed
          team-a | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4, acceleratorType: NVIDIA_L4, acceleratorCount: 1} | AcceleratorNotUsed
          team-a | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4, acceleratorType: NVIDIA_TELSA_T4, acceleratorCount: 1} | AcceleratorInvalid
          team-a | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4, acceleratorType: UNRECOGNIZED, acceleratorCount: 1} | AcceleratorInvalid
          team-b | gs://team-a-x/y | {region: us-east1, machineType: n1-standard-4} | VertexNotAllowed
          """)
  void whatKeepsAJobFromAPlacementIsTold(
      String namespace, String output, String vertex, String reason) {
    PlacementPlan plan = plan(namespace, output, vertex);

    var first = plan.all().getFirst();
    assertThat(first.reason()).isEqualTo(reason);
    assertThat(first.state())
        .isEqualTo(reason == null ? Eligibility.ELIGIBLE : Eligibility.SKIPPED);
    assertThat(plan.eligible())
        .extracting(Placement::name)
        .isEqualTo(reason == null ? List.of("vertex", "here") : List.of("here"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          us-docker.pkg.dev/shop/images/trainer:1 |
          us-docker.pkg.dev/shop/images/trainer@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef |
          https://us-docker.pkg.dev/shop/images/trainer | ImageInvalid
          us-docker.pkg.dev/Shop/images/trainer:1 | ImageInvalid
          us-docker.pkg.dev/shop/images/trainer: | ImageInvalid
          """)
  void anImageOfAWrongFormKeepsAJobFromVertexAi(String image, String reason) {
    FashionTrainingJob job =
        Serialization.unmarshal(
            """
            metadata: {name: job, namespace: team-a}
            spec:
              output: {uri: gs://team-a-x/y}
              trainer: {image: "%s"}
              placements:
                - {name: vertex, vertex: {region: us-east1, machineType: n1-standard-4}}
                - {name: here, cluster: {}}
            """
                .formatted(image),
            FashionTrainingJob.class);

    var first = PlacementPlan.of(job, SETTINGS).all().getFirst();

    assertThat(first.reason()).isEqualTo(reason);
  }

  @Test
  void whatAPlacementLeavesOutIsTheOperators() {
    var vertex =
        plan("team-a", "gs://team-a-x/y", "{region: us-east1, machineType: n1-standard-4}")
            .eligible()
            .getFirst()
            .vertex();

    assertThat(vertex.project()).isEqualTo("shop");
    assertThat(vertex.serviceAccount()).isEqualTo("default@shop.iam.gserviceaccount.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          team-a | gs://team-a-x/y | gs://team-a-data/d |
          team-a | gs://team-a-x/y | gs://theirs/d | data bucket theirs
          team-a | gs://theirs/y | gs://team-a-data/d | output bucket theirs
          team-a | pvc://claim/x | https://example.com/theirs |
          team-b | pvc://claim/x | gs://theirs/d |
          """)
  void bucketsOfDataAndOutputAreAllowedOrRefusedOnEitherBackend(
      String namespace, String output, String data, String message) {
    FashionTrainingJob job =
        Serialization.unmarshal(
            """
            metadata: {name: job, namespace: %s}
            spec: {data: {uri: "%s"}, output: {uri: "%s"}, placements: [{name: here, cluster: {}}]}
            """
                .formatted(namespace, data, output),
            FashionTrainingJob.class);

    var refusal = PlacementPlan.of(job, SETTINGS).refusal();

    assertThat(refusal.map(PlacementPlan.Refusal::reason).orElse(null))
        .isEqualTo(message == null ? null : "BucketNotAllowed");
    assertThat(refusal.map(PlacementPlan.Refusal::message).orElse(""))
        .contains(message == null ? "" : message);
  }

  private static PlacementPlan plan(String namespace, String output, String vertex) {
    FashionTrainingJob job = new FashionTrainingJob();
    job.setMetadata(
        new ObjectMetaBuilder().withName("job").withNamespace(namespace).withUid("u").build());
    job.setSpec(
        Serialization.unmarshal(
            """
            output: {uri: "%s"}
            placements:
              - {name: vertex, vertex: %s}
              - {name: here, cluster: {}}
            """
                .formatted(output, vertex),
            FashionTrainingJobSpec.class));
    return PlacementPlan.of(job, SETTINGS);
  }

  @Test
  void trackingTakesTheOperatorsProjectAndNeedsALocation() {
    FashionTrainingJob job =
        Serialization.unmarshal(
            """
            metadata: {name: job, namespace: team-b}
            spec: {output: {uri: pvc://claim/x}, placements: [{name: a, cluster: {}}], tracking: {experiment: fashion}}
            """,
            FashionTrainingJob.class);

    PlacementPlan plan = PlacementPlan.of(job, SETTINGS);

    assertThat(plan.tracking().orElseThrow().project()).isEqualTo("shop");
    assertThat(plan.refusal())
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.reason()).isEqualTo("TrackingIncomplete");
              assertThat(refusal.message()).contains("no default for the location");
            });
  }
}
