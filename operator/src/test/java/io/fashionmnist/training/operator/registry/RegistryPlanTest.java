package io.fashionmnist.training.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ModelStatus;
import io.fashionmnist.training.operator.registry.RegistryPlan.Obstacle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryPlanTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {modelId: m}                                                      |
          {modelId: m, minimumAccuracy: 0.75}                               |
          {modelId: m, minimumAccuracy: 0.8}                                | AccuracyBelowThreshold
          {modelId: m, project: other}                                      | ProjectNotAllowed
          {modelId: m, location: us-west1}                                  | RegionNotAllowed
          {modelId: m, servingImage: registry.example.com/serve:1}          |
          {modelId: m, servingImage: evil.example.com/serve:1}              | ImageNotAllowed
          """)
  void saysWhatIsInTheWay(String registry, String reason) {
    var plan =
        RegistryPlan.of(SucceededJobs.job("registry: " + registry), SucceededJobs.settings());
    assertThat(plan.obstacle().map(Obstacle::reason).orElse(null)).isEqualTo(reason);
  }

  @Test
  void tellsBothAccuracies() {
    var plan =
        RegistryPlan.of(
            SucceededJobs.job("registry: {modelId: m, minimumAccuracy: 0.9}"),
            SucceededJobs.settings());
    assertThat(plan.obstacle().orElseThrow().message())
        .isEqualTo("the test accuracy is 0.75, and spec.registry.minimumAccuracy is 0.9");
  }

  @Test
  void aBarNeedsAReportOfTheAttemptThatSucceeded() {
    var job =
        SucceededJobs.job(
            "registry: {modelId: m, minimumAccuracy: 0.5}",
            "training: {attempt: 1, test: {accuracy: 0.9}}");
    var plan = RegistryPlan.of(job, SucceededJobs.settings());
    assertThat(plan.obstacle().orElseThrow().reason()).isEqualTo("AccuracyUnknown");
  }

  @Test
  void aModelOnAVolumeCannotBeRegistered() {
    var job = SucceededJobs.job("registry: {modelId: m}");
    job.setStatus(
        job.getStatus()
            .with(
                new Condition("Created", "True", 1L, "2026-01-01T00:00:00Z", "Accepted", ""),
                ModelStatus.in("pvc://claim/runs/attempt-2/model")));
    var obstacle = RegistryPlan.of(job, SucceededJobs.settings()).obstacle().orElseThrow();
    assertThat(obstacle.reason()).isEqualTo("ModelNotReachable");
    assertThat(obstacle.message()).contains("pvc://claim").contains("set spec.output.uri");
  }

  @Test
  void someoneMustSayWhere() {
    var job = SucceededJobs.job("registry: {modelId: m}");
    assertThat(reason(job, "")).isEqualTo("ProjectMissing");
    assertThat(reason(job, "vertex: {project: shop}")).isEqualTo("RegionMissing");
    assertThat(
            RegistryPlan.of(job, SucceededJobs.settings("registry: {servingImage: eu/serve:2}"))
                .servingImage())
        .isEqualTo("eu/serve:2");
  }

  private static String reason(FashionTrainingJob job, String settings) {
    return RegistryPlan.of(job, SucceededJobs.settings(settings)).obstacle().orElseThrow().reason();
  }
}
