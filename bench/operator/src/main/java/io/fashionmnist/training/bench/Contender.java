package io.fashionmnist.training.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;

/** An operator that is measured: what its resource looks like and how its process is spoken to. */
enum Contender {
  /** The floor: what the cluster itself takes for a Job and its pod. No operator runs. */
  PLAIN_JOBS(
      "plain Jobs, no operator",
      context("batch", "v1", "Job", "jobs"),
      "batch.kubernetes.io/job-name",
      false,
      "") {
    @Override
    Map<String, Object> spec() {
      Map<String, Object> container = Map.of("name", "trainer", "image", "x");
      return Map.of(
          "template",
          Map.of("spec", Map.of("restartPolicy", "Never", "containers", List.of(container))));
    }

    @Override
    boolean running(GenericKubernetesResource job) {
      return job.get("status", "ready") instanceof Integer ready && ready > 0;
    }

    @Override
    boolean succeeded(GenericKubernetesResource job) {
      return condition(job, "Complete");
    }

    @Override
    List<String> arguments(int healthPort, int otherPort) {
      return List.of();
    }

    @Override
    Map<String, String> environment(int healthPort) {
      return Map.of();
    }
  },

  FASHION_TRAINING(
      "this operator",
      context("training.fashion-mnist.io", "v1alpha1", "FashionTrainingJob", "fashiontrainingjobs"),
      "training.fashion-mnist.io/job",
      true,
      "/q/health/ready") {
    @Override
    Map<String, Object> spec() {
      return Map.of(
          "output", Map.of("uri", "gs://bench/x"),
          "placements", List.of(Map.of("name", "cluster", "cluster", Map.of())));
    }

    @Override
    boolean running(GenericKubernetesResource job) {
      return "Running".equals(job.get("status", "phase"));
    }

    @Override
    boolean succeeded(GenericKubernetesResource job) {
      return "Succeeded".equals(job.get("status", "phase"));
    }

    @Override
    List<String> arguments(int healthPort, int otherPort) {
      return List.of();
    }

    @Override
    Map<String, String> environment(int healthPort) {
      return Map.of("QUARKUS_HTTP_PORT", Integer.toString(healthPort));
    }
  },

  TRAINING_OPERATOR(
      "Kubeflow training-operator 1.8.1",
      context("kubeflow.org", "v1", "TFJob", "tfjobs"),
      "training.kubeflow.org/job-name",
      false,
      "/readyz") {
    @Override
    Map<String, Object> spec() {
      Map<String, Object> container = Map.of("name", "tensorflow", "image", "x");
      return Map.of(
          "tfReplicaSpecs",
          Map.of(
              "Worker",
              Map.of(
                  "replicas",
                  1,
                  "template",
                  Map.of("spec", Map.of("containers", List.of(container))))));
    }

    @Override
    boolean running(GenericKubernetesResource job) {
      return condition(job, "Running");
    }

    @Override
    boolean succeeded(GenericKubernetesResource job) {
      return condition(job, "Succeeded");
    }

    @Override
    List<String> arguments(int healthPort, int otherPort) {
      return List.of(
          "--enable-scheme=tfjob",
          "--health-probe-bind-address=127.0.0.1:" + healthPort,
          "--webhook-server-port=" + otherPort,
          "--metrics-bind-address=0");
    }

    @Override
    Map<String, String> environment(int healthPort) {
      return Map.of();
    }
  };

  private final String title;
  private final ResourceDefinitionContext resource;
  private final String jobLabel;
  private final boolean batchJobs;
  private final String readyPath;

  Contender(
      String title,
      ResourceDefinitionContext resource,
      String jobLabel,
      boolean batchJobs,
      String readyPath) {
    this.title = title;
    this.resource = resource;
    this.jobLabel = jobLabel;
    this.batchJobs = batchJobs;
    this.readyPath = readyPath;
  }

  abstract Map<String, Object> spec();

  abstract boolean running(GenericKubernetesResource job);

  abstract boolean succeeded(GenericKubernetesResource job);

  /** What follows the command. */
  abstract List<String> arguments(int healthPort, int otherPort);

  abstract Map<String, String> environment(int healthPort);

  /** As the table calls it. */
  String title() {
    return title;
  }

  ResourceDefinitionContext resource() {
    return resource;
  }

  /** The label of pods and Jobs that has the job's name. */
  String jobLabel() {
    return jobLabel;
  }

  /** Whether the operator makes a {@code batch/v1} Job and not the pod itself. */
  boolean batchJobs() {
    return batchJobs;
  }

  /** Answers with 200 once the operator is ready. */
  String readyPath() {
    return readyPath;
  }

  /** A job as a user would create it. */
  GenericKubernetesResource job(String namespace, String name) {
    GenericKubernetesResource job = new GenericKubernetesResource();
    job.setApiVersion(resource.getGroup() + "/" + resource.getVersion());
    job.setKind(resource.getKind());
    job.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    job.setAdditionalProperty("spec", spec());
    return job;
  }

  private static ResourceDefinitionContext context(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }

  private static boolean condition(GenericKubernetesResource job, String type) {
    return job.get("status", "conditions") instanceof List<?> conditions
        && conditions.stream()
            .filter(Map.class::isInstance)
            .map(each -> (Map<?, ?>) each)
            .anyMatch(each -> type.equals(each.get("type")) && "True".equals(each.get("status")));
  }
}
