package io.fashionmnist.training.operator.apiserver;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Does what the Job controller, the scheduler, the kubelet and the garbage collector would, as far
 * as an operator can see it: a pod for each Job, which runs for a while and then succeeds.
 */
final class NodeStandIn implements AutoCloseable {
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final String JOB_NAME = "batch.kubernetes.io/job-name";

  private final KubernetesClient client;
  private final String namespace;
  private final Duration training;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Set<String> everSeen = ConcurrentHashMap.newKeySet();

  private NodeStandIn(KubernetesClient client, String namespace, Duration training) {
    this.client = client;
    this.namespace = namespace;
    this.training = training;
  }

  /**
   * Starts.
   *
   * @param training how long a trainer runs
   */
  static NodeStandIn start(KubernetesClient client, String namespace, Duration training) {
    NodeStandIn node = new NodeStandIn(client, namespace, training);
    node.thread.scheduleWithFixedDelay(node::tick, 0, 100, TimeUnit.MILLISECONDS);
    return node;
  }

  /** One that does something only when {@link #tick} is called. */
  static NodeStandIn byHand(KubernetesClient client, String namespace, Duration training) {
    return new NodeStandIn(client, namespace, training);
  }

  /** The names of all Jobs that there ever were, with their uids. */
  Set<String> everSeen() {
    return Set.copyOf(everSeen);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Brings everything one step further. */
  void tick() {
    try {
      List<Job> jobs = client.batch().v1().jobs().inNamespace(namespace).list().getItems();
      List<Pod> pods = client.pods().inNamespace(namespace).list().getItems();
      Set<String> wanted = new HashSet<>();
      for (Job job : jobs) {
        String name = job.getMetadata().getName();
        everSeen.add(name + "/" + job.getMetadata().getUid());
        wanted.add(name);
        pods.stream()
            .filter(pod -> name.equals(pod.getMetadata().getLabels().get(JOB_NAME)))
            .findFirst()
            .ifPresentOrElse(pod -> advance(job, pod), () -> create(job));
      }
      pods.stream()
          .filter(pod -> pod.getMetadata().getLabels().containsKey(JOB_NAME))
          .filter(pod -> !wanted.contains(pod.getMetadata().getLabels().get(JOB_NAME)))
          .forEach(pod -> client.resource(pod).withGracePeriod(0).delete());
    } catch (KubernetesClientException e) {
      // What changed in between the next tick sees; at the end the thread is interrupted.
      if (!thread.isShutdown() && e.getCode() != CONFLICT && e.getCode() != NOT_FOUND) {
        System.err.println("The stand-in is refused: " + e.getMessage());
      }
    } catch (RuntimeException e) {
      e.printStackTrace();
    }
  }

  private void create(Job job) {
    var template = job.getSpec().getTemplate();
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(job.getMetadata().getName() + "-pod")
                .withNamespace(namespace)
                .withLabels(template.getMetadata().getLabels())
                .addToLabels(JOB_NAME, job.getMetadata().getName())
                .addNewOwnerReference()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withSpec(template.getSpec())
                .editSpec()
                .withNodeName("stand-in")
                // As admission does, which is off here.
                .withServiceAccountName("default")
                .endSpec()
                .build())
        .create();
  }

  private void advance(Job job, Pod pod) {
    Instant now = Instant.now();
    if (pod.getStatus() == null || "Pending".equals(pod.getStatus().getPhase())) {
      client
          .resource(
              new PodBuilder(pod)
                  .withNewStatus()
                  .withPhase("Running")
                  .withStartTime(time(now))
                  .addNewContainerStatus()
                  .withName("trainer")
                  .withImage("x")
                  .withImageID("x")
                  .withReady(true)
                  .withRestartCount(0)
                  .withNewState()
                  .withNewRunning(time(now))
                  .endState()
                  .endContainerStatus()
                  .endStatus()
                  .build())
          .updateStatus();
    } else if ("Running".equals(pod.getStatus().getPhase())
        && Instant.parse(pod.getStatus().getStartTime()).plus(training).isBefore(now)) {
      succeed(pod, now);
    } else if ("Succeeded".equals(pod.getStatus().getPhase())
        && job.getStatus().getSucceeded() == null) {
      complete(job, now);
    }
  }

  private void succeed(Pod pod, Instant now) {
    client
        .resource(
            new PodBuilder(pod)
                .editStatus()
                .withPhase("Succeeded")
                .withContainerStatuses()
                .addNewContainerStatus()
                .withName("trainer")
                .withImage("x")
                .withImageID("x")
                .withReady(false)
                .withRestartCount(0)
                .withNewState()
                .withNewTerminated()
                .withExitCode(0)
                .withReason("Completed")
                .withStartedAt(pod.getStatus().getStartTime())
                .withFinishedAt(time(now))
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build())
        .updateStatus();
  }

  private void complete(Job job, Instant now) {
    client
        .resource(
            new JobBuilder(job)
                .withStatus(
                    new JobStatusBuilder()
                        .withStartTime(time(now))
                        .withCompletionTime(time(now))
                        .withSucceeded(1)
                        .withReady(0)
                        .withTerminating(0)
                        .addNewCondition()
                        .withType("SuccessCriteriaMet")
                        .withStatus("True")
                        .withReason("CompletionsReached")
                        .withLastTransitionTime(time(now))
                        .withLastProbeTime(time(now))
                        .endCondition()
                        .addNewCondition()
                        .withType("Complete")
                        .withStatus("True")
                        .withReason("CompletionsReached")
                        .withLastTransitionTime(time(now))
                        .withLastProbeTime(time(now))
                        .endCondition()
                        .build())
                .build())
        .updateStatus();
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
