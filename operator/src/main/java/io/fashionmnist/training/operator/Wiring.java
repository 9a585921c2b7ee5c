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
import io.fashionmnist.training.operator.metric.JobMetrics;
import io.fashionmnist.training.operator.progress.CertificateSecret;
import io.fashionmnist.training.operator.progress.ProgressServer;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.web.Lead;
import io.fashionmnist.training.operator.web.Publication;
import io.fashionmnist.training.operator.web.ReadApi;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.time.InstantSource;
import java.util.Optional;
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
      @ConfigProperty(name = "hostname") Optional<String> hostname) {
    return new EventRecorder(client, clock, hostname.orElse("local"));
  }

  @Produces
  @Singleton
  JobMetrics metrics(MeterRegistry registry) {
    return new JobMetrics(registry);
  }

  @Produces
  @Singleton
  QuotaLedger ledger(InstantSource clock) {
    return new QuotaLedger(clock, RandomGenerator.getDefault());
  }

  @Produces
  @Singleton
  VertexConnection vertex(
      OperatorSettings settings, KubernetesClient client, QuotaLedger ledger, InstantSource clock) {
    return new VertexConnection(
        settings,
        Origin.of(settings.installation(), client),
        client,
        ledger,
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
      ProgressAuthority progress,
      VertexConnection vertex) {
    return new Backends(new ClusterBackend(settings, client, progress), vertex.backend());
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
  ProgressAuthority authority(Progress progress) {
    return () -> progress.server.map(ProgressServer::authority);
  }

  /** The HTTPS server, where the settings say how trainers reach it. */
  @Singleton
  static class Progress {
    private final Optional<ProgressServer> server;
    private final OperatorSettings settings;
    private Optional<ReadApi> api = Optional.empty();

    Progress(
        OperatorSettings settings,
        Vertx vertx,
        KubernetesClient client,
        InstantSource clock,
        @ConfigProperty(name = "pod.namespace") Optional<String> namespace) {
      this.settings = settings;
      String own = namespace.orElseGet(client::getNamespace);
      server =
          settings
              .progress()
              .reachedAt()
              .map(
                  _ ->
                      new ProgressServer(
                          vertx,
                          client,
                          clock,
                          new CertificateSecret(client, clock, own, settings.progress()),
                          new Publication(client, settings, own)::publish));
    }

    /** The API asks the backends, which ask this server for its authority: it comes later. */
    void start(
        @Observes @Priority(2) StartupEvent event,
        KubernetesClient client,
        InstantSource clock,
        QuotaLedger ledger,
        Backends backends,
        @ConfigProperty(name = "pod.namespace") Optional<String> namespace,
        @ConfigProperty(name = "pod.name") Optional<String> pod) {
      server.ifPresent(
          each -> {
            ReadApi questions =
                new ReadApi(
                    settings,
                    client,
                    clock,
                    ledger,
                    backends,
                    new Lead(client, settings.lease(), namespace, pod));
            api = Optional.of(questions);
            each.start(settings.progress().port(), questions);
          });
    }

    void stop(@Observes ShutdownEvent event) {
      server.ifPresent(ProgressServer::close);
      api.ifPresent(ReadApi::close);
    }
  }
}
