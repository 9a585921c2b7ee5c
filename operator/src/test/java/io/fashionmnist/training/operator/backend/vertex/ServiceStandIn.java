package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * A job service in memory, with a time of the test's own. Like the real one it may be slow to show.
 */
final class ServiceStandIn implements JobCalls {
  static final VertexFailure LOST = new VertexFailure.ServiceFault("DEADLINE_EXCEEDED");
  static final VertexFailure DOWN = new VertexFailure.ServiceFault("UNAVAILABLE: io exception");

  /** What becomes of a create. */
  record Fate(boolean created, Optional<VertexFailure> failure, boolean unknown) {}

  final List<String> calls = new ArrayList<>();
  final Queue<Fate> fates = new ArrayDeque<>();
  final Map<String, CustomJob> jobs = new LinkedHashMap<>();
  Duration lag = Duration.ZERO;
  boolean down;
  private final InstantSource clock;

  ServiceStandIn(InstantSource clock) {
    this.clock = clock;
  }

  /** The next create is refused. */
  void refuse(VertexFailure failure) {
    fates.add(new Fate(false, Optional.of(failure), false));
  }

  /** The next create is carried out, and nobody is told. */
  void loseTheAnswer() {
    fates.add(new Fate(true, Optional.of(LOST), true));
  }

  /** The job is in another state from now on. */
  void put(String name, JobState state) {
    jobs.computeIfPresent(name, (_, job) -> job.toBuilder().setState(state).build());
  }

  long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  @Override
  public CustomJob create(VertexRegion region, CustomJob job, Duration within) {
    call("create");
    Fate fate = Optional.ofNullable(fates.poll()).orElse(new Fate(true, Optional.empty(), false));
    String name = region.parent() + "/customJobs/" + (jobs.size() + 1);
    CustomJob created =
        job.toBuilder()
            .setName(name)
            .setState(JobState.JOB_STATE_PENDING)
            .setCreateTime(Timestamp.newBuilder().setSeconds(clock.instant().getEpochSecond()))
            .build();
    if (fate.created()) {
      jobs.put(name, created);
    }
    fate.failure()
        .ifPresent(
            failure -> {
              throw new VertexCallException(failure, fate.unknown(), null);
            });
    return created;
  }

  @Override
  public Optional<CustomJob> get(VertexRegion region, String name) {
    call("get");
    return Optional.ofNullable(jobs.get(name));
  }

  @Override
  public List<CustomJob> list(VertexRegion region, String filter) {
    call("list");
    Instant shown = clock.instant().minus(lag);
    boolean live = filter.contains("state!=");
    return jobs.values().stream()
        .filter(job -> job.getCreateTime().getSeconds() <= shown.getEpochSecond())
        .filter(job -> job.getName().startsWith(region.parent() + "/"))
        .filter(job -> !live || PolledJob.of("here", job).orElseThrow().live())
        .filter(
            job ->
                !filter.contains("job-uid")
                    || filter.contains(
                        JobLabels.filter("here", PolledJob.of("here", job).orElseThrow().owner())))
        .toList();
  }

  @Override
  public void cancel(VertexRegion region, String name) {
    call("cancel");
    put(name, JobState.JOB_STATE_CANCELLING);
  }

  @Override
  public void delete(VertexRegion region, String name) {
    call("delete");
    jobs.remove(name);
  }

  private void call(String what) {
    calls.add(what);
    if (down) {
      throw new VertexCallException(DOWN, true, null);
    }
  }

  @Override
  public void close() {}
}
