package io.fashionmnist.training.emulator;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.encoding.DecodingService;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fashionmnist.training.emulator.admin.AdminApi;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.config.ExecutorSettings;
import io.fashionmnist.training.emulator.executor.Executor;
import io.fashionmnist.training.emulator.executor.KubernetesExecutor;
import io.fashionmnist.training.emulator.executor.ProcessExecutor;
import io.fashionmnist.training.emulator.executor.ScriptedExecutor;
import io.fashionmnist.training.emulator.fault.FaultPlan;
import io.fashionmnist.training.emulator.job.Admission;
import io.fashionmnist.training.emulator.job.BucketLocations;
import io.fashionmnist.training.emulator.job.Buckets;
import io.fashionmnist.training.emulator.job.JobScheduler;
import io.fashionmnist.training.emulator.job.Projects;
import io.fashionmnist.training.emulator.job.StorageEmulator;
import io.fashionmnist.training.emulator.logging.LoggingApi;
import io.fashionmnist.training.emulator.metadata.MetadataBook;
import io.fashionmnist.training.emulator.model.ModelBook;
import io.fashionmnist.training.emulator.quota.QuotaBook;
import io.fashionmnist.training.emulator.service.CallDesk;
import io.fashionmnist.training.emulator.service.CallLog;
import io.fashionmnist.training.emulator.service.CustomJobs;
import io.fashionmnist.training.emulator.service.LongRunningOperations;
import io.fashionmnist.training.emulator.service.Metadata;
import io.fashionmnist.training.emulator.service.Models;
import io.fashionmnist.training.emulator.service.OperationLog;
import io.fashionmnist.training.emulator.service.Quotas;
import io.fashionmnist.training.emulator.service.ResourceCalls;
import io.fashionmnist.training.emulator.service.Rest;
import io.fashionmnist.training.emulator.service.Tensorboards;
import io.fashionmnist.training.emulator.service.UsageMetrics;
import io.fashionmnist.training.emulator.state.Snapshot;
import io.fashionmnist.training.emulator.state.StateFile;
import io.fashionmnist.training.emulator.tensorboard.TensorboardBook;
import io.fashionmnist.training.emulator.web.StatusPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running emulator: all services, gRPC and REST, on one port. */
public final class VertexEmulator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VertexEmulator.class);
  private static final Duration TICK = Duration.ofMillis(200);

  private final QuotaBook quota = new QuotaBook();
  private final CallLog calls = new CallLog();
  private final FaultPlan faults;
  private final JobScheduler jobs;
  private final MetadataBook metadata;
  private final TensorboardBook tensorboards;
  private final ModelBook models;
  private final Server server;

  /** Netty takes two seconds to end; only who wants the same port again has to wait. */
  private final boolean awaitsStop;

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("emulator-ticker").factory());

  private VertexEmulator(EmulatorSettings settings, InstantSource clock) {
    Random random = settings.seed().map(Random::new).orElseGet(Random::new);
    Projects projects = new Projects(settings.projects());
    faults = new FaultPlan(random);
    settings.quotas().forEach(quota::setLimit);
    Buckets buckets =
        new Buckets(
            settings.buckets(),
            settings
                .storageEmulator()
                .<BucketLocations>map(StorageEmulator::new)
                .orElse(_ -> Optional.empty()));
    jobs =
        new JobScheduler(
            projects,
            quota,
            buckets,
            executor(settings.executor(), clock),
            clock,
            random,
            new Admission(settings.overQuota(), settings.failsAfter()));
    metadata = new MetadataBook(clock);
    tensorboards = new TensorboardBook(clock);
    models = new ModelBook(clock);
    Optional<StateFile> file = settings.state().map(StateFile::new);
    file.flatMap(StateFile::read)
        .ifPresentOrElse(this::takeUp, () -> settings.faults().forEach(faults::add));
    file.ifPresent(
        kept ->
            jobs.onChange(
                () ->
                    kept.write(
                        new Snapshot(
                            jobs.snapshot(),
                            quota.limits(),
                            faults.rules(),
                            metadata.snapshot(),
                            tensorboards.snapshot(),
                            models.snapshot()))));
    CallDesk desk = new CallDesk(faults, calls, projects, settings.endpointRegion());
    OperationLog operations = new OperationLog(random, clock);
    ResourceCalls resources = new ResourceCalls(desk, operations, projects, clock, jobs::changed);
    ServerBuilder builder =
        Server.builder()
            .http(new InetSocketAddress(settings.host(), settings.port()))
            // Slow calls are a fault that is asked for.
            .requestTimeout(Duration.ZERO);
    builder.service(
        GrpcService.builder()
            .addService(new CustomJobs(desk, jobs, operations, clock))
            .addService(new Metadata(resources, metadata))
            .addService(new Tensorboards(resources, tensorboards, random))
            .addService(new Models(resources, models, buckets, random))
            .addService(new Quotas(desk, quota))
            .addService(new UsageMetrics(desk, quota, jobs, projects, clock))
            .addService(new LongRunningOperations(desk, operations))
            .enableHttpJsonTranscoding(Rest.options())
            .jsonMarshallerFactory(_ -> Rest.messages())
            .useBlockingTaskExecutor(true)
            .build());
    builder.annotatedService(new AdminApi(quota, faults, jobs, calls, buckets, clock));
    // Google's clients compress what they send.
    builder
        .annotatedService()
        .decorator(DecodingService.newDecorator())
        .build(new LoggingApi(jobs, clock));
    builder.annotatedService(new StatusPage(jobs, quota, faults, calls));
    server = builder.build();
    awaitsStop = settings.port() != 0;
  }

  /** Starts an emulator on the machine's own time, or on one that stands until it is set. */
  public static VertexEmulator start(EmulatorSettings settings) {
    return start(
        settings,
        settings.clock().<InstantSource>map(StandingClock::new).orElse(InstantSource.system()));
  }

  /** Starts an emulator on a time of the caller's. */
  public static VertexEmulator start(EmulatorSettings settings, InstantSource clock) {
    VertexEmulator emulator = new VertexEmulator(settings, clock);
    emulator.server.start().join();
    emulator.ticker.scheduleWithFixedDelay(
        emulator::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    return emulator;
  }

  private void tick() {
    try {
      jobs.tick();
    } catch (RuntimeException e) {
      // A disk that is full for a moment must not stop time for good.
      LOG.error("The jobs cannot be brought up to the present", e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Limits and what is held. */
  public QuotaBook quota() {
    return quota;
  }

  /** What goes wrong. */
  public FaultPlan faults() {
    return faults;
  }

  /** All jobs. */
  public JobScheduler jobs() {
    return jobs;
  }

  /** Experiments and what else is metadata. */
  public MetadataBook metadata() {
    return metadata;
  }

  /** The curves of runs. */
  public TensorboardBook tensorboards() {
    return tensorboards;
  }

  /** The Model Registry. */
  public ModelBook models() {
    return models;
  }

  /** Counts of calls. */
  public CallLog calls() {
    return calls;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    CompletableFuture<Void> stopped = server.stop();
    if (awaitsStop) {
      stopped.join();
    }
    jobs.close();
  }

  /** What was kept wins over what is set: spent faults stay spent, a raised limit stays raised. */
  private void takeUp(Snapshot kept) {
    kept.limits().forEach(quota::setLimit);
    kept.faults().forEach(faults::add);
    jobs.restore(kept.jobs());
    metadata.restore(kept.metadata());
    tensorboards.restore(kept.tensorboards());
    models.restore(kept.models());
  }

  private static Executor executor(ExecutorSettings settings, InstantSource clock) {
    return switch (settings) {
      case ExecutorSettings.Scripted(var scripts) -> new ScriptedExecutor(scripts);
      case ExecutorSettings.ProcessSettings(var command, var logs, var grace, var environment) ->
          new ProcessExecutor(
              command, logs.orElseGet(VertexEmulator::folder), grace, environment, clock);
      case ExecutorSettings.KubernetesSettings(var pods) ->
          new KubernetesExecutor(new KubernetesClientBuilder().build(), pods);
    };
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("vertex-emulator-logs");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for logs", e);
    }
  }
}
