package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.aiplatform.v1.CustomJob;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The client against a server on a real port. */
class VertexApiTest {
  private static final VertexRegion REGION = new VertexRegion("p", "us-east1");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final CustomJob JOB = CustomJob.newBuilder().setDisplayName("a").build();

  private final FakeJobService service = new FakeJobService();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final VertexApi api =
      new VertexApi(Optional.of(service.endpoint()), new OutboundCalls(registry));

  @AfterEach
  void close() {
    api.close();
    service.close();
  }

  @Test
  void aJobIsCreatedSeenListedAndCancelled() {
    CustomJob created = api.create(REGION, JOB, PATIENCE);
    assertThat(api.get(REGION, "projects/p/locations/us-east1/customJobs/1")).contains(created);
    assertThat(api.list(REGION, "labels.a=b")).containsExactly(created);
    api.cancel(REGION, created.getName());
    assertThat(service.cancelled).containsExactly(created.getName());
    assertThat(registry.get("fashion.training.outbound.call").timers())
        .extracting(timer -> timer.getId().getTag("method") + " " + timer.getId().getTag("result"))
        .containsExactlyInAnyOrder(
            "CreateCustomJob OK", "GetCustomJob OK", "ListCustomJobs OK", "CancelCustomJob OK");
  }

  @Test
  void aListHasAllPagesAndNoSpecifications() {
    for (int each = 0; each < 5; each++) {
      api.create(REGION, JOB, PATIENCE);
    }
    assertThat(api.list(REGION, "labels.a=b")).hasSize(5);
    assertThat(service.lists)
        .hasSize(3)
        .allSatisfy(
            request -> {
              assertThat(request.getParent()).isEqualTo("projects/p/locations/us-east1");
              assertThat(request.getFilter()).isEqualTo("labels.a=b");
              assertThat(request.getReadMask().getPathsList())
                  .contains("labels", "state", "error")
                  .doesNotContain("job_spec");
            });
  }

  @Test
  void everyCallHasADeadline() {
    api.create(REGION, JOB, PATIENCE);
    assertThat(service.timeGiven.orElseThrow())
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
    api.list(REGION, "");
    assertThat(service.timeGiven.orElseThrow())
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(15));
    api.cancel(REGION, "projects/p/locations/us-east1/customJobs/1");
    assertThat(service.timeGiven.orElseThrow())
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(15));
  }

  @Test
  void aCreateThatGetsNoAnswerMayHaveWorked() {
    service.silent = true;
    VertexCallException failure = createFails(Duration.ofMillis(300));
    assertThat(failure.outcomeUnknown()).isTrue();
    assertThat(failure.failure()).isInstanceOf(VertexFailure.ServiceFault.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "INTERNAL", "CANCELLED", "DEADLINE_EXCEEDED"})
  void aCreateIsNeverRepeatedAndItsOutcomeIsUnknown(Status.Code code) {
    service.failures.add(code.toStatus().withDescription("oops"));
    assertThat(createFails(PATIENCE).outcomeUnknown()).isTrue();
    assertThat(service.calls).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = Mode.INCLUDE,
      names = {"RESOURCE_EXHAUSTED", "PERMISSION_DENIED", "INVALID_ARGUMENT", "NOT_FOUND"})
  void aCreateThatIsRefusedWasNotDone(Status.Code code) {
    service.failures.add(code.toStatus().withDescription("no"));
    assertThat(createFails(PATIENCE).outcomeUnknown()).isFalse();
  }

  @Test
  void aQuotasSentenceComesThrough() {
    String message =
        "The following quota metrics exceed quota limits:"
            + " aiplatform.googleapis.com/custom_model_training_cpus";
    service.failures.add(Status.RESOURCE_EXHAUSTED.withDescription(message));
    assertThat(createFails(PATIENCE).failure().quotaMetrics())
        .isEqualTo(List.of("custom_model_training_cpus"));
  }

  @Test
  void readsAreTriedAgain() {
    api.create(REGION, JOB, PATIENCE);
    service.failures.add(Status.UNAVAILABLE);
    assertThat(api.list(REGION, "")).hasSize(1);
    service.failures.add(Status.UNAVAILABLE);
    assertThat(api.get(REGION, "projects/p/locations/us-east1/customJobs/1")).isPresent();
    assertThat(service.calls).isEqualTo(5);
  }

  @Test
  void whatIsGoneNeedsNoEnd() {
    assertThat(api.get(REGION, "projects/p/locations/us-east1/customJobs/9")).isEmpty();
    service.failures.add(Status.NOT_FOUND);
    api.cancel(REGION, "projects/p/locations/us-east1/customJobs/9");
  }

  private VertexCallException createFails(Duration within) {
    return catchThrowableOfType(VertexCallException.class, () -> api.create(REGION, JOB, within));
  }
}
