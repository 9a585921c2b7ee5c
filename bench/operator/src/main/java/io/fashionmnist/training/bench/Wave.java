package io.fashionmnist.training.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fashionmnist.training.bench.Timeline.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Jobs that are created at once in a namespace of their own, watched and played to their end. */
final class Wave implements AutoCloseable {
  private static final int CREATORS = 32;

  private final KubernetesClient client;
  private final Contender contender;
  private final String namespace;
  private final int jobs;
  private final Timeline timeline;
  private final PodPlayer player;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  /**
   * Prepares the namespace and watches it.
   *
   * @param duration how long a pod runs
   * @param holding whether pods run until {@link #release()}
   */
  Wave(
      KubernetesClient client,
      Contender contender,
      String namespace,
      int jobs,
      Duration duration,
      boolean holding) {
    this.client = client;
    this.contender = contender;
    this.namespace = namespace;
    this.jobs = jobs;
    timeline = new Timeline(jobs);
    player = new PodPlayer(client, duration, pod -> note(Step.DONE, pod), holding);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    watch();
  }

  private void watch() {
    informers.add(
        client
            .genericKubernetesResources(contender.resource())
            .inNamespace(namespace)
            .inform(each(this::jobSeen)));
    informers.add(client.pods().inNamespace(namespace).inform(each(this::podSeen)));
    if (contender.batchJobs()) {
      informers.add(
          client.batch().v1().jobs().inNamespace(namespace).inform(each(this::childSeen)));
    }
  }

  /** Creates all jobs. */
  void create() throws InterruptedException {
    try (ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int number = 1; number <= jobs; number++) {
        GenericKubernetesResource job = contender.job(namespace, "job-%05d".formatted(number));
        tasks.add(
            () -> {
              timeline.note(Step.CREATED, job.getMetadata().getName());
              client.resource(job).create();
              return null;
            });
      }
      for (Future<Void> task : creators.invokeAll(tasks)) {
        task.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A job could not be created", e.getCause());
    }
  }

  /** Ends the pods that are held. */
  void release() {
    player.release();
  }

  void awaitRunning(Duration limit) throws InterruptedException {
    require(timeline.awaitRunning(limit), Step.RUNNING, limit);
  }

  void awaitSucceeded(Duration limit) throws InterruptedException {
    require(timeline.awaitSucceeded(limit), Step.SUCCEEDED, limit);
  }

  private void require(boolean reached, Step step, Duration limit) {
    player.check();
    if (!reached) {
      throw new IllegalStateException(
          "After %d s only %d of %d jobs came to %s; pods: %d, ended: %d"
              .formatted(
                  limit.toSeconds(),
                  timeline.count(step),
                  jobs,
                  step,
                  timeline.count(Step.POD),
                  timeline.count(Step.DONE)));
    }
  }

  Timeline timeline() {
    return timeline;
  }

  @Override
  public void close() {
    player.close();
    informers.forEach(SharedIndexInformer::close);
  }

  private void jobSeen(GenericKubernetesResource job) {
    String name = job.getMetadata().getName();
    if (contender.running(job)) {
      timeline.note(Step.RUNNING, name);
    }
    if (contender.succeeded(job)) {
      timeline.note(Step.SUCCEEDED, name);
    }
  }

  private void podSeen(Pod pod) {
    note(Step.POD, pod);
    if (!contender.batchJobs()) {
      note(Step.CHILD, pod);
    }
    player.appeared(pod);
  }

  private void childSeen(Job child) {
    note(Step.CHILD, child);
  }

  private void note(Step step, HasMetadata object) {
    timeline.note(step, object.getMetadata().getLabels().get(contender.jobLabel()));
  }

  private static <T> ResourceEventHandler<T> each(Consumer<T> consumer) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T added) {
        consumer.accept(added);
      }

      @Override
      public void onUpdate(T old, T updated) {
        consumer.accept(updated);
      }

      @Override
      public void onDelete(T deleted, boolean unknown) {
        // Nothing here is deleted while it is watched.
      }
    };
  }
}
