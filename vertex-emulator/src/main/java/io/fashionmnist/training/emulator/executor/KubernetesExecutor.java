package io.fashionmnist.training.emulator.executor;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a pod for a job's first replica, in a namespace of its own. Pods outlive the emulator and
 * are found again by their names; a pod that somebody else deletes was preempted.
 */
public final class KubernetesExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesExecutor.class);

  private final KubernetesClient client;
  private final PodSettings settings;
  private final SharedIndexInformer<Pod> pods;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

  /** With a client that ends with the executor. */
  public KubernetesExecutor(KubernetesClient client, PodSettings settings) {
    this.client = client;
    this.settings = settings;
    this.pods =
        client.pods().inNamespace(settings.namespace()).withLabel(TenantPod.JOB_LABEL).inform();
  }

  @Override
  public Run start(Workload workload) {
    PodRun run = new PodRun(workload);
    run.begin();
    return run;
  }

  @Override
  public void close() {
    pods.close();
    calls.shutdownNow();
    client.close();
  }

  private final class PodRun implements Run {
    private final Workload workload;
    private volatile boolean stopping;
    private volatile boolean seen;
    private volatile boolean gone;
    private CompletableFuture<Void> created = CompletableFuture.completedFuture(null);
    private volatile Optional<String> failure = Optional.empty();
    private volatile String log = "";

    PodRun(Workload workload) {
      this.workload = workload;
    }

    void begin() {
      created = CompletableFuture.runAsync(this::create, calls);
    }

    private void create() {
      try {
        client.resource(TenantPod.of(workload, settings)).create();
      } catch (KubernetesClientException e) {
        // After a restart of the emulator the pod is there.
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          failure = Optional.of("The pod cannot be created: " + e.getMessage());
        }
      }
    }

    @Override
    public RunState observe(Instant now) {
      if (failure.isPresent()) {
        return new RunState.Broken(now, failure.get());
      }
      Pod pod = pods.getStore().getByKey(settings.namespace() + "/" + TenantPod.name(workload));
      if (pod != null) {
        seen = true;
        return PodState.of(pod, stopping, now);
      }
      return seen || gone ? new RunState.Stopped(now) : new RunState.Preparing();
    }

    @Override
    public void stop(Instant now) {
      if (!stopping) {
        stopping = true;
        created.thenRunAsync(this::delete, calls);
      }
    }

    private void delete() {
      try {
        log = readLog();
        pod().delete();
        pod()
            .waitUntilCondition(
                Objects::isNull,
                settings.grace().plusSeconds(30).toMillis(),
                TimeUnit.MILLISECONDS);
        gone = true;
      } catch (KubernetesClientException e) {
        // The pod is watched: where it is not gone, the job is not over.
        LOG.warn("Pod {} may still run", TenantPod.name(workload), e);
      }
    }

    @Override
    public String log() {
      return log.isEmpty() ? readLog() : log;
    }

    private String readLog() {
      try {
        return pod().getLog();
      } catch (KubernetesClientException e) {
        return "the pod's log cannot be read: " + e.getMessage() + "\n";
      }
    }

    private PodResource pod() {
      return client.pods().inNamespace(settings.namespace()).withName(TenantPod.name(workload));
    }
  }
}
