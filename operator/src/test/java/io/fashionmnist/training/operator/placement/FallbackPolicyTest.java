package io.fashionmnist.training.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FallbackSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.FallbackPolicy.Next;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a job goes whose placement has no capacity. */
class FallbackPolicyTest {
  private static final Instant ENDED = Instant.parse("2026-01-01T00:00:00Z");

  private final FallbackPolicy policy =
      new FallbackPolicy(plan("first", "second", "third"), new FallbackSpec(3, "30s"));

  @Test
  void theNextInTheListIsTriedInTheSameRound() {
    assertThat(policy.after(full("first"), 2, ENDED))
        .isEqualTo(new Next.Try(placements("second", "third"), 2));
    assertThat(policy.after(full("second"), 2, ENDED))
        .isEqualTo(new Next.Try(placements("third"), 2));
  }

  @ParameterizedTest
  @CsvSource({"1,30", "2,60"})
  void afterTheLastItPausesLongerEachRoundAndBeginsAgain(int round, int pause) {
    Instant until = ENDED.plusSeconds(pause);

    assertThat(policy.after(full("third"), round, until.minusMillis(1)))
        .isEqualTo(new Next.Wait(until, round + 1));
    assertThat(policy.after(full("third"), round, until))
        .isEqualTo(new Next.Try(placements("first", "second", "third"), round + 1));
  }

  @Test
  void theLastRoundIsTheEnd() {
    assertThat(policy.after(full("second"), 3, ENDED)).isInstanceOf(Next.Try.class);
    assertThat(policy.after(full("third"), 3, ENDED)).isEqualTo(new Next.GiveUp(3));
  }

  @Test
  void aPlacementThatWasTakenOutOfTheListEndsTheRound() {
    assertThat(policy.after(full("gone"), 1, ENDED))
        .isEqualTo(new Next.Wait(ENDED.plusSeconds(30), 2));
  }

  private static Attempt full(String placement) {
    return Serialization.unmarshal(
        """
        placement: %s
        state: OutOfCapacity
        endTime: "%s"
        """
            .formatted(placement, ENDED),
        Attempt.class);
  }

  private static List<Placement> placements(String... names) {
    return plan(names).eligible();
  }

  private static PlacementPlan plan(String... names) {
    return PlacementPlan.of(
        Serialization.unmarshal(
            """
            metadata: {name: job, namespace: default}
            spec:
              output: {uri: pvc://claim}
              placements: [%s]
            """
                .formatted(
                    String.join(
                        ", ",
                        List.of(names).stream()
                            .map("{name: %s, cluster: {}}"::formatted)
                            .toList())),
            FashionTrainingJob.class),
        OperatorSettings.defaults());
  }
}
