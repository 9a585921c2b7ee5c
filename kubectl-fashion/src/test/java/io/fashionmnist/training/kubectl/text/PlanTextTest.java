package io.fashionmnist.training.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.plan.JobPlan;
import io.fashionmnist.training.api.plan.Outlook;
import io.fashionmnist.training.api.plan.PlacementOutlook;
import io.fashionmnist.training.api.plan.QuotaAmounts;
import io.fashionmnist.training.api.plan.QuotaNeed;
import io.fashionmnist.training.api.v1alpha1.Backend;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {
  private static final List<PlacementOutlook> PLACEMENTS =
      List.of(
          new PlacementOutlook(
              "n1-standard-4",
              Backend.VERTEX,
              "my-project",
              "us-central1",
              "n1-standard-4",
              Outlook.SHUT,
              "QuotaTooSmall",
              "custom_model_training_cpus of my-project in us-central1 is 2, and the job needs 4:"
                  + " have it raised, or take a smaller machine",
              "take a machine of 2 CPUs at most; or ask for more at https://console.cloud.google.com",
              new PlacementOutlook.Bucket("my-results", "us-central1"),
              List.of(
                  new QuotaNeed(
                      "custom_model_training_cpus", 4L, true, new QuotaAmounts(2L, 1L, 0, 0, null)),
                  new QuotaNeed(
                      "custom_model_training_pd_ssd",
                      100L,
                      true,
                      new QuotaAmounts(QuotaAmounts.UNLIMITED, null, 0, 0, null)))),
          new PlacementOutlook(
              "c3",
              Backend.VERTEX,
              "my-project",
              "us-west1",
              "c3-standard-4 Spot",
              Outlook.UNDECIDED,
              "BeingTried",
              "other jobs are finding out; known in 3 s",
              null,
              new PlacementOutlook.Bucket("elsewhere", null),
              List.of(new QuotaNeed("custom_model_training_c3_cpus", 4L, false, null))),
          new PlacementOutlook(
              "theirs",
              Backend.VERTEX,
              "else",
              "us-central1",
              "n1-standard-4",
              Outlook.NOT_ALLOWED,
              "ProjectNotAllowed",
              "project else is not allowed in namespace team-a; allowed: my-project",
              null,
              null,
              List.of()),
          new PlacementOutlook(
              "cluster",
              Backend.CLUSTER,
              null,
              null,
              null,
              Outlook.OPEN,
              null,
              null,
              null,
              null,
              List.of()));

  @Test
  void tellsOfEachPlacement() throws IOException {
    JobPlan plan = new JobPlan("team-a", "shirts", "2026-01-01T00:00:00Z", "c3", null, PLACEMENTS);

    Golden.check("plan", PlanText.lines(plan, Golden.PLAIN));
    Golden.check("plan-terminal", PlanText.lines(plan, Golden.TERMINAL));
    assertThat(PlanText.lines(plan, Golden.TERMINAL))
        .allSatisfy(
            line ->
                assertThat(line.replaceAll("\u001b\\[[0-9;]*m", "")).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void saysThatAJobWouldFailOrWait() {
    JobPlan refused =
        new JobPlan(
            "team-a",
            "shirts",
            "2026-01-01T00:00:00Z",
            null,
            new JobPlan.Refusal("OutputRequired", "set spec.output.uri"),
            List.of());
    JobPlan full =
        new JobPlan(
            "team-a", "shirts", "2026-01-01T00:00:00Z", null, null, PLACEMENTS.subList(0, 1));

    assertThat(PlanText.lines(refused, Golden.PLAIN))
        .containsExactly(
            "shirts in namespace team-a would fail: OutputRequired. set spec.output.uri");
    assertThat(PlanText.lines(full, Golden.PLAIN).getFirst())
        .isEqualTo(
            "shirts in namespace team-a would find no room now: it would wait and go round its"
                + " placements again.");
  }
}
