package io.fashionmnist.training.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.backend.cluster.ProgressAuthority;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.SettingsFile;
import io.fashionmnist.training.operator.definition.DefinitionCheck;
import io.fashionmnist.training.operator.event.EventRecorder;
import io.fashionmnist.training.operator.metric.JobMetrics;
import io.fashionmnist.training.operator.progress.CertificateSecret;
import io.fashionmnist.training.operator.progress.ProgressServer;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurationServiceCustomizer;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
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

  /** The progress endpoint, where the settings say how trainers reach it. */
  @Singleton
  static class Progress {
    private final Optional<ProgressServer> server;
    private final int port;

    Progress(
        OperatorSettings settings,
        Vertx vertx,
        KubernetesClient client,
        InstantSource clock,
        @ConfigProperty(name = "pod.namespace") Optional<String> namespace) {
      port = settings.progress().port();
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
                          new CertificateSecret(
                              client,
                              clock,
                              namespace.orElseGet(client::getNamespace),
                              settings.progress())));
    }

    void start(@Observes @Priority(2) StartupEvent event) {
      server.ifPresent(each -> each.start(port));
    }

    void stop(@Observes ShutdownEvent event) {
      server.ifPresent(ProgressServer::close);
    }
  }

  private static <R extends HasMetadata> R same(R resource) {
    return resource;
  }

  /** One virtual thread a pass: a slow call holds up its own job alone. */
  @ApplicationScoped
  static class Threads implements ConfigurationServiceCustomizer {
    private final OperatorSettings settings;
    private final Optional<String> namespace;
    private final Optional<String> pod;

    Threads(
        OperatorSettings settings,
        @ConfigProperty(name = "pod.namespace") Optional<String> namespace,
        @ConfigProperty(name = "pod.name") Optional<String> pod) {
      this.settings = settings;
      this.namespace = namespace;
      this.pod = pod;
    }

    @Override
    public Consumer<ConfigurationServiceOverrider> overrider() {
      return overrider -> {
        overrider.withExecutorService(
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("reconcile-", 0).factory()));
        // Nothing here changes what it gets from a cache, so nothing need be copied.
        overrider.withResourceCloner(Wiring::same);
        // Outside a cluster there is nobody to share the work with.
        namespace.ifPresent(
            where ->
                overrider.withLeaderElectionConfiguration(
                    LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
                            settings.lease())
                        .withLeaseNamespace(where)
                        .withIdentity(pod.orElse(null))
                        .build()));
      };
    }
  }
}
