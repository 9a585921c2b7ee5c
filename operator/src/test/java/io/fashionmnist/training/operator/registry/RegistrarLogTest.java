package io.fashionmnist.training.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.log.LoggedKeys;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegistrarLogTest {
  @Test
  void aFaultIsToldUnderTheJobsKeys() {
    OperatorSettings settings =
        SucceededJobs.settings(
            "vertex: {project: shop, region: us-central1, emulator: \"127.0.0.1:1\"}");
    FashionTrainingJob job = SucceededJobs.job("registry: {modelId: m}");
    // The question's clock fails; that of the answer does not.
    Iterator<Boolean> fails = List.of(true, false).iterator();
    try (LoggedKeys log = LoggedKeys.of(RegistryAnswers.class);
        Registrar registrar =
            new Registrar(
                settings,
                "test",
                _ -> Optional.empty(),
                new OutboundCalls(new SimpleMeterRegistry()),
                () -> {
                  if (fails.next()) {
                    throw new IllegalStateException("a clock that stands still");
                  }
                  return Instant.EPOCH;
                },
                new Random(1))) {
      registrar.ask(job, RegistryPlan.of(job, settings), new Question.Find());

      await().until(() -> registrar.look(job) instanceof Finding.Postponed);
      assertThat(log.lines())
          .singleElement()
          .satisfies(
              keys ->
                  assertThat(keys)
                      .containsAllEntriesOf(
                          Map.of("namespace", "team", "job", "shoes", "attempt", "2"))
                      .containsKey("uid"));
    }
  }
}
