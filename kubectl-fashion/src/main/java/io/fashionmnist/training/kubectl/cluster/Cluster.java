package io.fashionmnist.training.kubectl.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.kubectl.failure.ClusterFailures;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The cluster, as the user may see it. Refusals are {@link Failure}s. */
public final class Cluster implements AutoCloseable {
  private static final int CONFLICT = 409;
  private static final int NEAREST = 3;
  private static final ResourceDefinitionContext JOBS =
      new ResourceDefinitionContext.Builder()
          .withGroup(FashionTrainingJob.GROUP)
          .withVersion("v1alpha1")
          .withKind("FashionTrainingJob")
          .withPlural("fashiontrainingjobs")
          .withNamespaced(true)
          .build();

  private final Config config;
  private final KubernetesClient client;

  private Cluster(Config config) {
    this.config = config;
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Nothing is asked yet. */
  public static Cluster of(Kubeconfig kubeconfig) {
    return new Cluster(kubeconfig.config());
  }

  /** The namespace that is meant unless another is said. */
  public String namespace() {
    return config.getNamespace();
  }

  KubernetesClient client() {
    return client;
  }

  Config config() {
    return config;
  }

  /** A job; when there is none the failure names those that are called nearly so. */
  public FashionTrainingJob job(String name) {
    return find(name)
        .orElseThrow(
            () -> {
              List<String> near =
                  Names.nearest(name, jobs(false).stream().map(Cluster::name).toList(), NEAREST);
              return Failure.unavailable(
                  "there is no FashionTrainingJob %s in namespace %s%s",
                  name,
                  namespace(),
                  near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?");
            });
  }

  /** A job, if it is there. */
  public Optional<FashionTrainingJob> find(String name) {
    return ask(
        () ->
            Optional.ofNullable(
                client
                    .resources(FashionTrainingJob.class)
                    .inNamespace(namespace())
                    .withName(name)
                    .get()));
  }

  /** All jobs, of the namespace or of all of them, by name. */
  public List<FashionTrainingJob> jobs(boolean everywhere) {
    return ask(
        () -> {
          var jobs = client.resources(FashionTrainingJob.class);
          return (everywhere ? jobs.inAnyNamespace() : jobs.inNamespace(namespace()))
              .list().getItems().stream()
                  .sorted(
                      Comparator.comparing(
                              (FashionTrainingJob job) -> job.getMetadata().getNamespace())
                          .thenComparing(Cluster::name))
                  .toList();
        });
  }

  /** A job with every field that it was made with. */
  public GenericKubernetesResource manifest(String name) {
    job(name);
    return ask(
        () ->
            client.genericKubernetesResources(JOBS).inNamespace(namespace()).withName(name).get());
  }

  /** Makes a job. Fields that the definition does not know are refused. */
  public GenericKubernetesResource create(GenericKubernetesResource job) {
    try {
      return create(job, false);
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        throw Failure.usage(
            "fashiontrainingjob %s exists already in namespace %s: choose another name, or start it"
                + " again with kubectl fashion submit --from %s",
            name(job), namespaceOf(job), name(job));
      }
      throw ClusterFailures.of(e, server());
    }
  }

  /**
   * Has the API server check a job, without making it.
   *
   * @return the job as it would be, with all defaults; empty when one of that name is there already
   */
  public Optional<GenericKubernetesResource> check(GenericKubernetesResource job) {
    try {
      return Optional.of(create(job, true));
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        return Optional.empty();
      }
      throw ClusterFailures.of(e, server());
    }
  }

  private GenericKubernetesResource create(GenericKubernetesResource job, boolean dryRun) {
    return client
        .genericKubernetesResources(JOBS)
        .inNamespace(namespaceOf(job))
        .resource(job)
        .dryRun(dryRun)
        .fieldValidation(FieldValidateable.Validation.STRICT)
        .create();
  }

  private String namespaceOf(GenericKubernetesResource job) {
    return Optional.ofNullable(job.getMetadata().getNamespace()).orElse(namespace());
  }

  /** The pods of an attempt in the cluster, the newest first. */
  public List<Pod> pods(Attempt attempt) {
    return ask(
        () ->
            client
                .pods()
                .inNamespace(namespace())
                .withLabel("batch.kubernetes.io/job-name", attempt.externalName())
                .list()
                .getItems()
                .stream()
                .sorted(
                    Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                        .reversed())
                .toList());
  }

  /** The log of a pod's trainer, or what there is of it. */
  public PodLog log(Pod pod) {
    return new PodLog(this, pod);
  }

  /** Where the API server is. */
  public String server() {
    return config.getMasterUrl().replaceAll("/+$", "");
  }

  <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (KubernetesClientException e) {
      throw ClusterFailures.of(e, server());
    }
  }

  private static String name(io.fabric8.kubernetes.api.model.HasMetadata resource) {
    return resource.getMetadata().getName();
  }

  @Override
  public void close() {
    client.close();
  }
}
