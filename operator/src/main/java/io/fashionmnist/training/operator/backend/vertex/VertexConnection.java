package io.fashionmnist.training.operator.backend.vertex;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** Makes the parts of the backend and gives them to each other. Nothing is called before a job. */
public final class VertexConnection implements AutoCloseable {
  private final VertexApi api;
  private final JobPoller poller;
  private final VertexBackend backend;

  public VertexConnection(
      OperatorSettings settings,
      KubernetesClient client,
      QuotaLedger ledger,
      InstantSource clock,
      RandomGenerator random) {
    var vertex = settings.vertex();
    api = new VertexApi(vertex.plaintextEndpoint());
    CloudStorage storage = new CloudStorage(vertex.storageEmulator());
    JobChanges changes = new JobChanges();
    ReportFollower reports = new ReportFollower(storage, new ReportWriter(client)::write);
    Sweep sweep = new Sweep(client, api, changes::knows);
    poller =
        new JobPoller(
            api,
            settings.installation(),
            vertex.pollInterval(),
            clock,
            random,
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("vertex-poller").factory()),
            (region, view, changed) -> listed(region, view, changed, changes, reports, sweep));
    backend =
        new VertexBackend(
            new CustomJobs(settings.installation()),
            api,
            poller,
            ledger,
            new BucketRegions(storage::location, clock),
            reports,
            new Postponed(clock, random),
            changes,
            clock);
  }

  private static void listed(
      VertexRegion region,
      RegionView view,
      Set<JobOwner> changed,
      JobChanges changes,
      ReportFollower reports,
      Sweep sweep) {
    changed.forEach(changes::tell);
    // Each on a thread of its own: none waits for another's bucket.
    view.living().forEach(owner -> Thread.startVirtualThread(() -> reports.look(owner)));
    sweep.over(region, view);
  }

  public VertexBackend backend() {
    return backend;
  }

  @Override
  public void close() {
    poller.close();
    api.close();
  }
}
