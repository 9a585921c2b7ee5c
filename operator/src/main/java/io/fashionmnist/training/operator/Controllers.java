package io.fashionmnist.training.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.vertex.VertexConnection;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.reconcile.JobReconciler;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationService;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkiverse.operatorsdk.runtime.QuarkusControllerConfiguration;
import io.quarkiverse.operatorsdk.runtime.config.OverriddenConfigurationService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Sets up the SDK. Not by its customizer: with one, the extension loses the client and the cloner
 * on the way, and what it falls back to makes a new client for every pass.
 */
@ApplicationScoped
class Controllers {
  private final OperatorSettings settings;
  private final Optional<String> namespace;
  private final Optional<String> pod;
  private final VertexConnection vertex;
  private final Leadership leadership;

  Controllers(
      OperatorSettings settings,
      VertexConnection vertex,
      @ConfigProperty(name = "pod.namespace") Optional<String> namespace,
      @ConfigProperty(name = "pod.name") Optional<String> pod,
      Leadership leadership) {
    this.settings = settings;
    this.vertex = vertex;
    this.namespace = namespace;
    this.pod = pod;
    this.leadership = leadership;
  }

  @Produces
  @ApplicationScoped
  Operator operator(
      QuarkusConfigurationService service, KubernetesClient client, JobReconciler reconciler) {
    ConfigurationService overridden =
        ConfigurationService.newOverriddenConfigurationService(service, this::configure);
    Complete complete = new Complete(service, overridden, client);
    var configuration = new OnAllEvents(service.getConfigurationFor(reconciler));
    configuration.setParent(complete);
    Operator operator = new Operator(complete);
    operator.register(reconciler, configuration);
    return operator;
  }

  private void configure(ConfigurationServiceOverrider overrider) {
    // One virtual thread a pass: a slow call holds up its own job alone.
    overrider.withExecutorService(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("reconcile-", 0).factory()));
    namespace.ifPresent(
        where ->
            overrider.withLeaderElectionConfiguration(
                LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(settings.lease())
                    .withLeaseNamespace(where)
                    .withIdentity(pod.orElse(null))
                    .withLeaderCallbacks(
                        new LeaderCallbacks(this::begin, () -> leadership.leads(false), _ -> {}))
                    .build()));
    if (namespace.isEmpty()) {
      // Outside a cluster there is nobody to share the work with.
      begin();
    }
  }

  /**
   * Passes also over resources that are being deleted: what they left on Vertex AI is ended there.
   * The extension does not know the annotation's attribute for that.
   */
  private static final class OnAllEvents
      extends QuarkusControllerConfiguration<FashionTrainingJob> {
    OnAllEvents(QuarkusControllerConfiguration<FashionTrainingJob> from) {
      super(
          from.getInformerConfig(),
          from.getName(),
          from.isGenerationAware(),
          from.getAssociatedReconcilerClassName(),
          from.getRetry(),
          from.getRateLimiter(),
          from.maxReconciliationInterval().orElseThrow(),
          from.getFinalizerName(),
          from.fieldManager(),
          from.getWorkflow(),
          from.getResourceTypeName(),
          from.getResourceClass());
    }

    @Override
    public boolean triggerReconcilerOnAllEvents() {
      return true;
    }
  }

  /** With what the extension's own class leaves to the SDK's defaults. */
  private static final class Complete extends OverriddenConfigurationService {
    private final KubernetesClient client;

    Complete(
        QuarkusConfigurationService service,
        ConfigurationService overridden,
        KubernetesClient client) {
      super(service, overridden);
      this.client = client;
    }

    @Override
    public KubernetesClient getKubernetesClient() {
      return client;
    }

    /** Others use it after the SDK has stopped; whoever made it closes it. */
    @Override
    public boolean closeClientOnStop() {
      return false;
    }

    @Override
    public Cloner getResourceCloner() {
      return Complete::same;
    }

    /** Nothing here changes what it gets from a cache, so nothing need be copied. */
    private static <R extends HasMetadata> R same(R resource) {
      return resource;
    }
  }

  private void begin() {
    leadership.leads(true);
    vertex.lead();
  }
}
