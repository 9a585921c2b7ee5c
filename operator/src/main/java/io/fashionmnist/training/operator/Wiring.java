package io.fashionmnist.training.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.cluster.ClusterBackend;
import io.fashionmnist.training.operator.backend.cluster.ProgressAuthority;
import io.fashionmnist.training.operator.backend.vertex.VertexConnection;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.SettingsFile;
import io.fashionmnist.training.operator.definition.DefinitionCheck;
import io.fashionmnist.training.operator.definition.Origin;
import io.fashionmnist.training.operator.event.EventRecorder;
import io.fashionmnist.training.operator.https.CertificateSecret;
import io.fashionmnist.training.operator.https.HttpsServer;
import io.fashionmnist.training.operator.https.Routes;
import io.fashionmnist.training.operator.log.StatusLog;
import io.fashionmnist.training.operator.metric.JobCensus;
import io.fashionmnist.training.operator.metric.JobMetrics;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.metric.Passes;
import io.fashionmnist.training.operator.metric.ProgressPosts;
import io.fashionmnist.training.operator.metric.ScrapedGauges;
import io.fashionmnist.training.operator.progress.ProgressRoute;
import io.fashionmnist.training.operator.quota.QuotaGauges;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.registry.Registrar;
import io.fashionmnist.training.operator.status.StatusChange;
import io.fashionmnist.training.operator.trace.Collector;
import io.fashionmnist.training.operator.trace.JobTraces;
import io.fashionmnist.training.operator.web.Gate;
import io.fashionmnist.training.operator.web.Lead;
import io.fashionmnist.training.operator.web.Publication;
import io.fashionmnist.training.operator.web.QuotaView;
import io.fashionmnist.training.operator.web.ReadApi;
import io.fashionmnist.training.operator.web.WebPage;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Makes the parts and gives them to each other. */
@ApplicationScoped
public class Wiring {
  private static final Logger LOG = Logger.getLogger(Wiring.class);

  @Produces
  @Singleton
  OperatorSettings settings(@ConfigProperty(name = "fashion.training.config") Optional<Path> file) {
    return file.map(SettingsFile::read).orElseGet(OperatorSettings::defaults);
  }

  @Produces
  @Singleton
  EventRecorder events(
      KubernetesClient client,
      InstantSource clock,
      EventQueue queue,
      @ConfigProperty(name = "hostname") Optional<String> hostname) {
    return new EventRecorder(client, clock, hostname.orElse("local"), queue.executor());
  }

  /** One Event after the other is recorded; those beyond the limit are lost. */
  @Singleton
  static class EventQueue {
    private static final int MOST = 10_000;
    private static final Duration AT_THE_END = Duration.ofSeconds(5);

    private final ExecutorService executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST),
            Thread.ofPlatform().daemon().name("events").factory());

    Executor executor() {
      return executor;
    }

    /** After the controller, whose last passes may still tell of something. */
    void empty(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event)
        throws InterruptedException {
      executor.shutdown();
      if (!executor.awaitTermination(AT_THE_END.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warnf("%d Events were not recorded", executor.shutdownNow().size());
      }
    }
  }

  @Produces
  @Singleton
  Traces traces(OperatorSettings settings) {
    return new Traces(
        settings
            .tracing()
            .collector()
            .map(
                collector ->
                    Collector.traces(
                        collector, settings.tracing().headersFolder(), settings.installation())));
  }

  void sendLastTraces(@Disposes Traces traces) {
    traces.toCollector().ifPresent(JobTraces::close);
  }

  /** Whatever is told of jobs beside their status and Events. */
  @Produces
  @Singleton
  StatusChange.Listener story(MeterRegistry registry, Traces traces) {
    List<StatusChange.Listener> all = new ArrayList<>();
    all.add(new JobMetrics(registry));
    all.add(new StatusLog());
    traces.toCollector().ifPresent(all::add);
    return change -> all.forEach(each -> each.changed(change));
  }

  /** One for all: without it everyone who asks gets another. */
  @Produces
  @Singleton
  CollectorRegistry scraped() {
    return new CollectorRegistry(true);
  }

  @Produces
  @Singleton
  OutboundCalls calls(MeterRegistry registry) {
    return new OutboundCalls(registry);
  }

  @Produces
  @Singleton
  Passes passes(MeterRegistry registry) {
    return new Passes(registry);
  }

  @Produces
  @Singleton
  JobCensus census(InstantSource clock) {
    return new JobCensus(clock);
  }

  void count(
      @Observes @Priority(2) StartupEvent event,
      CollectorRegistry registry,
      JobCensus census,
      QuotaLedger ledger,
      Leadership leadership,
      InstantSource clock) {
    new ScrapedGauges(List.of(census, new QuotaGauges(ledger, clock), leadership))
        .register(registry);
  }

  @Produces
  @Singleton
  QuotaLedger ledger(InstantSource clock) {
    return new QuotaLedger(clock, RandomGenerator.getDefault());
  }

  @Produces
  @Singleton
  VertexConnection vertex(
      OperatorSettings settings,
      KubernetesClient client,
      QuotaLedger ledger,
      OutboundCalls calls,
      InstantSource clock) {
    return new VertexConnection(
        settings,
        Origin.of(settings.installation(), client),
        client,
        ledger,
        calls,
        clock,
        RandomGenerator.getDefault());
  }

  void connect(@Observes @Priority(3) StartupEvent event, VertexConnection vertex) {
    vertex.start();
  }

  void disconnect(@Disposes VertexConnection vertex) {
    vertex.close();
  }

  @Produces
  @Singleton
  Backends backends(
      OperatorSettings settings,
      KubernetesClient client,
      InstantSource clock,
      ProgressAuthority progress,
      VertexConnection vertex) {
    return new Backends(new ClusterBackend(settings, client, clock, progress), vertex.backend());
  }

  @Produces
  @Singleton
  Registrar registrar(
      OperatorSettings settings,
      KubernetesClient client,
      VertexConnection vertex,
      OutboundCalls calls,
      InstantSource clock) {
    return new Registrar(
        settings,
        Origin.of(settings.installation(), client),
        vertex::lastReport,
        calls,
        clock,
        RandomGenerator.getDefault());
  }

  void close(@Disposes Registrar registrar) {
    registrar.close();
  }

  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  void checkDefinition(@Observes @Priority(1) StartupEvent event, KubernetesClient client) {
    new DefinitionCheck(client)
        .complaint()
        .ifPresent(
            complaint -> {
              LOG.fatal(complaint);
              Quarkus.asyncExit(1);
              throw new PreventFurtherStepsException(complaint, 1);
            });
  }

  @Produces
  @Singleton
  ProgressAuthority authority(Https https) {
    return () -> https.server.map(HttpsServer::authority);
  }

  /** The traces, where the settings say where they go. */
  record Traces(Optional<JobTraces> toCollector) {}

  /**
   * What is served by HTTPS: progress, where the settings say how trainers reach it, the questions
   * of people's programs, and the page.
   */
  @Singleton
  static class Https {
    private final Optional<HttpsServer> server;
    private final Optional<ProgressRoute> progress;
    private final Optional<WebPage> page;
    private final int port;
    private final Gate gate;
    private final QuotaView quotas;
    private Optional<ReadApi> api = Optional.empty();

    Https(
        OperatorSettings settings,
        Vertx vertx,
        KubernetesClient client,
        MeterRegistry registry,
        InstantSource clock,
        QuotaLedger ledger,
        @ConfigProperty(name = "pod.namespace") Optional<String> namespace,
        @ConfigProperty(name = "pod.name") Optional<String> pod) {
      gate = new Gate(client, clock, new Lead(client, settings.lease(), namespace, pod));
      quotas = new QuotaView(settings, ledger, clock);
      port = settings.progress().port();
      progress =
          settings
              .progress()
              .reachedAt()
              .map(_ -> new ProgressRoute(client, clock, new ProgressPosts(registry)));
      page =
          settings.web().enabled()
              ? Optional.of(new WebPage(client.getConfiguration(), clock, gate, quotas))
              : Optional.empty();
      String own = namespace.orElseGet(client::getNamespace);
      server =
          progress.isEmpty() && page.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new HttpsServer(
                      vertx,
                      new CertificateSecret(client, clock, own, settings.progress()),
                      new Publication(client, settings, own)::publish));
    }

    /** The API asks the backends, which ask this server for its authority: it comes later. */
    void start(
        @Observes @Priority(2) StartupEvent event,
        OperatorSettings settings,
        InstantSource clock,
        Backends backends) {
      if (server.isEmpty()) {
        return;
      }
      api = Optional.of(new ReadApi(settings, clock, backends, gate, quotas));
      List<Routes> rooms = new ArrayList<>();
      progress.ifPresent(rooms::add);
      api.ifPresent(rooms::add);
      page.ifPresent(rooms::add);
      server.get().start(port, rooms);
    }

    void stop(@Observes ShutdownEvent event) {
      server.ifPresent(HttpsServer::close);
      progress.ifPresent(ProgressRoute::close);
      api.ifPresent(ReadApi::close);
      page.ifPresent(WebPage::close);
    }
  }
}
