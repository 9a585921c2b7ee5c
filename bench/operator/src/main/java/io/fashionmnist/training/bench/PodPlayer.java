package io.fashionmnist.training.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plays the kubelet: a pod starts when it is seen, runs for a while and ends with exit code 0. */
final class PodPlayer implements AutoCloseable {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

  private final KubernetesClient client;
  private final Duration duration;
  private final Consumer<Pod> ending;
  private final Map<String, Pod> held = new ConcurrentHashMap<>();
  private final Map<String, Pod> seen = new ConcurrentHashMap<>();
  private final AtomicReference<Throwable> trouble = new AtomicReference<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private volatile boolean holding;

  /**
   * @param duration how long a pod runs
   * @param ending hears of a pod before its end is written
   * @param holding whether pods run until {@link #release()}
   */
  PodPlayer(KubernetesClient client, Duration duration, Consumer<Pod> ending, boolean holding) {
    this.client = client;
    this.duration = duration;
    this.ending = ending;
    this.holding = holding;
  }

  /** A pod has appeared. */
  void appeared(Pod pod) {
    if (seen.putIfAbsent(pod.getMetadata().getUid(), pod) == null) {
      perform(
          () -> {
            patch(pod, running(pod));
            if (holding) {
              held.put(pod.getMetadata().getUid(), pod);
            } else {
              timer.schedule(
                  () -> perform(() -> end(pod)), duration.toMillis(), TimeUnit.MILLISECONDS);
            }
          });
    }
  }

  /** Ends all pods that are held. */
  void release() {
    holding = false;
    held.values().forEach(pod -> perform(() -> end(pod)));
    held.clear();
  }

  /** Throws what went wrong, if anything did. */
  void check() {
    if (trouble.get() != null) {
      throw new IllegalStateException("A pod could not be played", trouble.get());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void end(Pod pod) {
    ending.accept(pod);
    patch(pod, succeeded(pod));
  }

  private void perform(Runnable action) {
    THREADS
        .newThread(
            () -> {
              try {
                action.run();
              } catch (KubernetesClientException | IllegalStateException e) {
                trouble.compareAndSet(null, e);
              }
            })
        .start();
  }

  private void patch(Pod pod, String status) {
    client.pods().resource(pod).subresource("status").patch(MERGE, status);
  }

  private static String running(Pod pod) {
    return status(
        pod,
        "\"phase\":\"Running\",\"startTime\":\"%s\"".formatted(now()),
        true,
        "\"running\":{\"startedAt\":\"%s\"}".formatted(now()));
  }

  private static String succeeded(Pod pod) {
    return status(
        pod,
        "\"phase\":\"Succeeded\"",
        false,
        "\"terminated\":{\"exitCode\":0,\"reason\":\"Completed\",\"message\":\"\",\"finishedAt\":\"%s\"}"
            .formatted(now()));
  }

  private static String status(Pod pod, String phase, boolean ready, String state) {
    String conditions =
        Stream.of("Initialized", "PodScheduled", "ContainersReady", "Ready")
            .map(
                type ->
                    "{\"type\":\"%s\",\"status\":\"%s\",\"lastTransitionTime\":\"%s\"}"
                        .formatted(
                            type, ready || !type.endsWith("Ready") ? "True" : "False", now()))
            .collect(Collectors.joining(","));
    var container = pod.getSpec().getContainers().getFirst();
    return """
    {"status":{%s,"conditions":[%s],"containerStatuses":[
      {"name":"%s","image":"%s","imageID":"","restartCount":0,"ready":%s,"state":{%s}}]}}
    """
        .formatted(phase, conditions, container.getName(), container.getImage(), ready, state);
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
