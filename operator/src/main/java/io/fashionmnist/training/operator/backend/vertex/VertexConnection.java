package io.fashionmnist.training.operator.backend.vertex;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.quota.QuotaClients;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.quota.QuotaReader;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Makes the parts of the backend and gives them to each other. Nothing is called before a job. */
public final class VertexConnection implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(VertexConnection.class);
  private static final long TICK_MILLIS = 500;

  private final VertexApi api;
  private final RegionWatch watch;
  private final VertexBackend backend;
  private final QuotaClients quotaClients;
  private final QuotaReader quotas;
  private final QuotaLedger ledger;
  private final ScheduledExecutorService quotaTimer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("quota-reader").factory());
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("vertex-poller").factory());

  /**
   * @param origin whose the custom jobs are, in this and no other cluster
   */
  public VertexConnection(
      OperatorSettings settings,
      String origin,
      KubernetesClient client,
      QuotaLedger ledger,
      InstantSource clock,
      RandomGenerator random) {
    var vertex = settings.vertex();
    this.ledger = ledger;
    quotaClients = new QuotaClients(vertex.plaintextEndpoint());
    quotas = new QuotaReader(quotaClients, ledger, clock, vertex.quotaReadInterval());
    Executor threads = Thread.ofVirtual().name("vertex-", 0)::start;
    api = new VertexApi(vertex.plaintextEndpoint());
    CloudStorage storage = new CloudStorage(vertex.storageEmulator());
    JobChanges changes = new JobChanges();
    ReportFollower reports = new ReportFollower(storage, new ReportWriter(client)::write);
    Sweep sweep = new Sweep(client, api, changes::knows);
    JobPoller poller =
        new JobPoller(
            api::list,
            origin,
            vertex.pollInterval(),
            clock,
            random,
            threads,
            changed -> changed.forEach(changes::tell));
    watch =
        new RegionWatch(
            poller,
            clock,
            changes::tell,
            (region, list) -> {
              // Each on a thread of its own: none waits for another's bucket.
              list.jobs().stream()
                  .filter(PolledJob::live)
                  .forEach(job -> threads.execute(() -> reports.look(job.owner())));
              threads.execute(() -> sweep.over(region, list));
            });
    backend =
        new VertexBackend(
            origin,
            api,
            watch,
            ledger,
            quotas::refresh,
            new BucketRegions(vertex.bucketRegions(), storage::location, clock),
            reports,
            new Postponed(clock, random),
            changes,
            clock);
  }

  public VertexBackend backend() {
    return backend;
  }

  /** Begins to list what is watched. */
  public void start() {
    timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    quotaTimer.scheduleWithFixedDelay(this::readQuotas, 1, 1, TimeUnit.SECONDS);
  }

  private void tick() {
    try {
      watch.tick();
    } catch (RuntimeException e) {
      LOG.error("Looking after Vertex AI's jobs", e);
    }
  }

  private void readQuotas() {
    try {
      quotas.refresh(ledger.metrics());
    } catch (RuntimeException e) {
      LOG.error("Reading quotas", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    quotaTimer.shutdownNow();
    quotaClients.close();
    api.close();
  }
}
