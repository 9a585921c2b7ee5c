package io.fashionmnist.training.operator.apiserver;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.cluster.ClusterBackend;
import io.fashionmnist.training.operator.backend.vertex.JobCalls;
import io.fashionmnist.training.operator.backend.vertex.VertexApi;
import io.fashionmnist.training.operator.backend.vertex.VertexConnection;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.config.VertexSettings;
import io.fashionmnist.training.operator.event.EventRecorder;
import io.fashionmnist.training.operator.metric.JobCensus;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.metric.Passes;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.reconcile.JobReconciler;
import io.fashionmnist.training.operator.registry.Registrar;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Operators in this process, one after the other: the real parts on a real API server and a real
 * emulator, with a time and a life of the caller's. They share connections and nothing else.
 */
final class OperatorInstances implements AutoCloseable {
  private final AtomicReference<Life> living =
      new AtomicReference<>(new Life(InstantSource.system(), () -> {}));
  private final KubernetesClient client;
  private final KubernetesClient admin;
  private final OutboundCalls outbound = new OutboundCalls(new SimpleMeterRegistry());
  private final JobCalls calls;
  private final VertexSettings vertex;

  /**
   * @param operator who the operators are
   * @param endpoint the emulator's
   * @param storage Cloud Storage's
   */
  OperatorInstances(Config operator, KubernetesClient admin, String endpoint, String storage) {
    this.admin = admin;
    client =
        new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder(operator).withRequestRetryBackoffLimit(0).build())
            .withHttpClientBuilderConsumer(
                builder ->
                    builder.addOrReplaceInterceptor(
                        "life",
                        new Interceptor() {
                          @Override
                          public void before(
                              BasicBuilder headers, HttpRequest request, RequestTags tags) {
                            living.get().before(headers, request, tags);
                          }
                        }))
            .build();
    vertex =
        new VertexSettings(
            null,
            null,
            null,
            endpoint,
            storage,
            null,
            null,
            null,
            Map.of("central", "us-central1", "west", "us-west1"),
            null);
    calls = new VertexApi(Optional.of(endpoint), outbound);
  }

  /** Starts one that knows nothing but its settings. */
  Instance start(String installation, InstantSource clock, Runnable heldUp, long seed) {
    OperatorSettings settings =
        new OperatorSettings(
            installation,
            null,
            null,
            null,
            List.of(
                new Tenant(null, List.of(installation), CrashSchedule.REGIONS, null, null, null)),
            null,
            vertex,
            null,
            null,
            null,
            null);
    return new Instance(settings, clock, heldUp, new Random(seed));
  }

  @Override
  public void close() {
    calls.close();
    client.close();
  }

  /** One of them. */
  final class Instance implements AutoCloseable {
    private final Life life;
    private final Random random;
    private final Map<String, Set<?>> shown = new HashMap<>();
    private boolean lags = true;
    private final OperatorSettings settings;
    private final VertexConnection connection;
    private final Registrar registrar;
    private final JobReconciler reconciler;

    private Instance(
        OperatorSettings settings, InstantSource clock, Runnable heldUp, Random random) {
      this.settings = settings;
      this.random = new Random(random.nextLong());
      life = new Life(clock, heldUp);
      takeOver();
      QuotaLedger ledger = new QuotaLedger(clock, random);
      connection =
          new VertexConnection(
              settings,
              settings.installation(),
              client,
              ledger,
              outbound,
              clock,
              random,
              new MortalCalls(calls, life, clock, heldUp),
              Runnable::run);
      registrar =
          new Registrar(
              settings, settings.installation(), connection::lastReport, outbound, clock, random);
      reconciler =
          new JobReconciler(
              settings,
              clock,
              client,
              new EventRecorder(client, clock, "test", Runnable::run),
              new Backends(
                  new ClusterBackend(settings, client, clock, Optional::empty),
                  connection.backend()),
              registrar,
              new JobCensus(clock),
              new Passes(new SimpleMeterRegistry()),
              _ -> {});
      connection.lead();
    }

    /** From now on what is asked of the API server is asked by this one. */
    void takeOver() {
      living.set(life);
    }

    Life life() {
      return life;
    }

    VertexConnection connection() {
      return connection;
    }

    /** From now on its views of Jobs and pods are the newest. */
    void lagNoMore() {
      lags = false;
    }

    void reconcile(FashionTrainingJob view) {
      reconciler.reconcile(view, context(view));
    }

    @Override
    public void close() {
      registrar.close();
      connection.close();
    }

    /** Of the SDK's context only what is in the cluster is asked for: here, as a view shows it. */
    @SuppressWarnings("unchecked")
    private Context<FashionTrainingJob> context(FashionTrainingJob view) {
      return (Context<FashionTrainingJob>)
          Proxy.newProxyInstance(
              Context.class.getClassLoader(),
              new Class<?>[] {Context.class},
              (_, method, arguments) ->
                  switch (method.getName()) {
                    case "isPrimaryResourceDeleted" -> false;
                    case "getSecondaryResources" -> shown(arguments[0], view);
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }

    /** Views of one kind go forward, and at times not for a while. */
    private Set<?> shown(Object kind, FashionTrainingJob view) {
      String key = kind + view.getMetadata().getUid();
      if (!shown.containsKey(key) || !lags || random.nextInt(3) != 0) {
        shown.put(key, inTheCluster(kind, view));
      }
      return shown.get(key);
    }

    private Set<?> inTheCluster(Object kind, FashionTrainingJob view) {
      var metadata = view.getMetadata();
      if (kind == Job.class) {
        return admin
            .batch()
            .v1()
            .jobs()
            .inNamespace(metadata.getNamespace())
            .list()
            .getItems()
            .stream()
            .filter(
                job ->
                    job.getMetadata()
                        .getOwnerReferences()
                        .getFirst()
                        .getUid()
                        .equals(metadata.getUid()))
            .collect(Collectors.toSet());
      }
      if (kind == Pod.class) {
        return Set.copyOf(admin.pods().inNamespace(metadata.getNamespace()).list().getItems());
      }
      throw new UnsupportedOperationException(settings.installation() + kind);
    }
  }
}
