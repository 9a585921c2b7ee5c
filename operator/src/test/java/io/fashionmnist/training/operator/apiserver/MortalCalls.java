package io.fashionmnist.training.operator.apiserver;

import com.google.cloud.aiplatform.v1.CustomJob;
import io.fashionmnist.training.operator.backend.vertex.JobCalls;
import io.fashionmnist.training.operator.backend.vertex.VertexCallException;
import io.fashionmnist.training.operator.backend.vertex.VertexFailure;
import io.fashionmnist.training.operator.backend.vertex.VertexRegion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Calls to Vertex AI of a process that may end, or be held up, before each of them. */
final class MortalCalls implements JobCalls {
  private final JobCalls calls;
  private final Life life;
  private final InstantSource clock;
  private final Runnable heldUp;

  /**
   * @param heldUp what happens to the rest of the world before a call
   */
  MortalCalls(JobCalls calls, Life life, InstantSource clock, Runnable heldUp) {
    this.calls = calls;
    this.life = life;
    this.clock = clock;
    this.heldUp = heldUp;
  }

  /** The time that a create has runs while it is held up. */
  @Override
  public CustomJob create(VertexRegion region, CustomJob job, Duration within) {
    Instant end = clock.instant().plus(within);
    heldUp.run();
    life.call("CreateCustomJob");
    if (clock.instant().isAfter(end)) {
      throw new VertexCallException(
          new VertexFailure.ServiceFault("DEADLINE_EXCEEDED: held up"), true, null);
    }
    return calls.create(region, job, within);
  }

  @Override
  public Optional<CustomJob> get(VertexRegion region, String name) {
    life.call("GetCustomJob");
    return calls.get(region, name);
  }

  @Override
  public List<CustomJob> list(VertexRegion region, String filter) {
    life.call("ListCustomJobs");
    return calls.list(region, filter);
  }

  @Override
  public void cancel(VertexRegion region, String name) {
    heldUp.run();
    life.call("CancelCustomJob");
    calls.cancel(region, name);
  }

  @Override
  public void delete(VertexRegion region, String name) {
    heldUp.run();
    life.call("DeleteCustomJob");
    calls.delete(region, name);
  }

  /** Another process has them, too. */
  @Override
  public void close() {}
}
