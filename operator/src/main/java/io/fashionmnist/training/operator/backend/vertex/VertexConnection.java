package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.storage.StorageException;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.quota.QuotaClients;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.quota.QuotaLedger.Finding;
import io.fashionmnist.training.operator.quota.QuotaReader;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Makes the parts of the backend and gives them to each other. Nothing is called before a job. */
public final class VertexConnection implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(VertexConnection.class);
  private static final long TICK_MILLIS = 500;
  private static final long PAGE = 500;

  private final JobCalls calls;
  private final ReportFollower reports;
  private final RegionWatch watch;
  private final Postponed postponed;
  private final VertexRoom room;
  private final OperatorSettings settings;
  private final JobChanges changes = new JobChanges();
  private final VertexBackend backend;
  private final QuotaClients quotaClients;
  private final QuotaReader quotas;
  private final QuotaLedger ledger;
  private final KubernetesClient client;
  private final ConfiguredRegions regions;
  private final AtomicBoolean toVisit = new AtomicBoolean();
  private final Chore looking = new Chore("looking after Vertex AI's jobs", LOG::error, LOG::info);
  private final Chore reading = new Chore("reading quotas", LOG::error, LOG::info);
  private final ScheduledExecutorService quotaTimer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("quota-reader").factory());
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("vertex-poller").factory());

  /**
   * @param origin whose the custom jobs are, in this and no other cluster
   * @param outbound is told of each call to Google's services
   */
  public VertexConnection(
      OperatorSettings settings,
      String origin,
      KubernetesClient client,
      QuotaLedger ledger,
      OutboundCalls outbound,
      InstantSource clock,
      RandomGenerator random) {
    this(
        settings,
        origin,
        client,
        ledger,
        outbound,
        clock,
        random,
        new VertexApi(settings.vertex().plaintextEndpoint(), outbound),
        Thread.ofVirtual().name("vertex-", 0)::start);
  }

  /**
   * With calls and threads of the caller's.
   *
   * @param outbound is told of each call to the services but {@code calls}
   * @param calls closed with this
   * @param threads where lists, and what follows them, are waited for
   */
  public VertexConnection(
      OperatorSettings settings,
      String origin,
      KubernetesClient client,
      QuotaLedger ledger,
      OutboundCalls outbound,
      InstantSource clock,
      RandomGenerator random,
      JobCalls calls,
      Executor threads) {
    var vertex = settings.vertex();
    this.settings = settings;
    this.ledger = ledger;
    this.client = client;
    regions = new ConfiguredRegions(settings);
    quotaClients = new QuotaClients(vertex.plaintextEndpoint(), outbound);
    quotas = new QuotaReader(quotaClients, ledger, clock, vertex.quotaReadInterval());
    this.calls = calls;
    CloudStorage storage = new CloudStorage(vertex.storageEmulator(), outbound);
    reports = new ReportFollower(storage, new ReportWriter(client)::write);
    Sweep sweep = new Sweep(this::resource, calls, changes::live);
    JobPoller poller =
        new JobPoller(
            calls::list,
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
            changes::knows,
            this::gone,
            (region, list) -> {
              // Each on a thread of its own: none waits for another's bucket.
              list.jobs().stream()
                  .filter(PolledJob::live)
                  .forEach(job -> threads.execute(() -> reports.look(job.owner())));
              threads.execute(() -> sweep.over(region, list));
            });
    postponed = new Postponed(clock, random);
    room =
        new VertexRoom(
            ledger,
            quotas::metrics,
            quotas::refresh,
            new BucketRegions(vertex.bucketRegions(), storage::location, clock),
            clock);
    backend = new VertexBackend(origin, calls, watch, room, reports, postponed, changes, clock);
  }

  public VertexBackend backend() {
    return backend;
  }

  /**
   * The last report below an attempt's output, wherever the attempt ran; empty if there is none.
   *
   * @throws IOException if that can't be told
   */
  public Optional<TrainingReport> lastReport(String outputUri) throws IOException {
    try {
      return reports.last(outputUri);
    } catch (StorageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Begins to list what is watched. */
  public void start() {
    timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    quotaTimer.scheduleWithFixedDelay(this::readQuotas, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * From now on this process decides: it looks once wherever its custom jobs may be, for what
   * nobody wants any more.
   */
  public void lead() {
    toVisit.set(true);
  }

  /** Lists what is due, and follows up what was listed. */
  public void look() {
    if (toVisit.get()) {
      regions.ofSettings().forEach(watch::visit);
      regions.ofPatterns().forEach(watch::glance);
      visitTheResources();
      toVisit.set(false);
    }
    watch.tick();
    postponed.tellDue(changes::tell);
  }

  private void visitTheResources() {
    List<Finding> findings = new ArrayList<>();
    String next = "";
    do {
      var page =
          client
              .resources(FashionTrainingJob.class)
              .inAnyNamespace()
              .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      page.getItems()
          .forEach(
              job -> {
                ConfiguredRegions.ofAttempts(job).forEach(watch::visit);
                regions.ofPlacements(job).forEach(watch::glance);
                room.findings(job, PlacementPlan.listed(job, settings)).forEach(findings::add);
              });
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    room.recall(findings);
  }

  private Optional<FashionTrainingJob> resource(JobOwner owner) {
    return Optional.ofNullable(
        client
            .resources(FashionTrainingJob.class)
            .inNamespace(owner.namespace())
            .withName(owner.name())
            .get());
  }

  /** Its resource is gone, and its custom job is over: nobody else says so. */
  private void gone(JobOwner owner) {
    backend.gone(owner);
  }

  private void tick() {
    looking.run(this::look);
  }

  private void readQuotas() {
    reading.run(() -> quotas.refresh(ledger.metrics()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    quotaTimer.shutdownNow();
    quotaClients.close();
    calls.close();
  }
}
