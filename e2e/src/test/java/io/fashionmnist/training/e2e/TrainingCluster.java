package io.fashionmnist.training.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** The cluster that the scenarios run in, seen with the eyes of a user who may do everything. */
final class TrainingCluster implements AutoCloseable {
  static final String OPERATOR_NAMESPACE = "fashion-training";

  /**
   * Some seconds an epoch with one processor: four images of five are for the validation, which is
   * quick.
   */
  static final String SMALL =
      "batchSize: 128, validationFraction: 0.8, model: {filters: [4], denseUnits: 8}";

  private static final String OPERATOR = "fashion-training-operator";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final KubernetesClient client = new KubernetesClientBuilder().build();

  KubernetesClient client() {
    return client;
  }

  /** Makes a namespace, as strict as there are, with a volume for results. */
  void makeNamespace(String name) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
    apply(
        name,
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: results}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """);
  }

  void deleteNamespace(String name) {
    client.namespaces().withName(name).delete();
  }

  void apply(String namespace, String manifest) {
    client
        .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
        .inNamespace(namespace)
        .create();
  }

  void suspend(String namespace, String name, boolean suspended) {
    client
        .resource(job(namespace, name))
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"runPolicy\": {\"suspend\": %s}}}".formatted(suspended));
  }

  FashionTrainingJob job(String namespace, String name) {
    return client.resources(FashionTrainingJob.class).inNamespace(namespace).withName(name).get();
  }

  FashionTrainingJobStatus status(String namespace, String name) {
    return job(namespace, name).currentStatus();
  }

  /** Waits until a job's status is so; when it is too late, tells what it is instead. */
  FashionTrainingJobStatus until(
      String namespace, String name, Predicate<FashionTrainingJobStatus> wanted) {
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptions()
          .until(() -> wanted.test(status(namespace, name)));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("The job stays at " + status(namespace, name), e);
    }
    return status(namespace, name);
  }

  FashionTrainingJobStatus untilPhase(String namespace, String name, Phase phase) {
    return until(
        namespace,
        name,
        status -> {
          if (status.phase() != phase && status.phase() != null && status.phase().finished()) {
            throw new AssertionError("The job has ended as " + status);
          }
          return status.phase() == phase;
        });
  }

  /** Waits until a trainer has reported an epoch. */
  FashionTrainingJobStatus untilEpoch(String namespace, String name, int epoch) {
    return until(
        namespace, name, status -> status.training() != null && status.training().epoch() >= epoch);
  }

  List<Job> jobs(String namespace) {
    return client.batch().v1().jobs().inNamespace(namespace).list().getItems();
  }

  /** The trainers' pods. */
  List<Pod> pods(String namespace) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("training.fashion-mnist.io/job")
        .list()
        .getItems();
  }

  /** Waits for the one trainer's pod that runs. */
  Pod runningPod(String namespace) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                pods(namespace).stream()
                    .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                    .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  String leader() {
    return client
        .leases()
        .inNamespace(OPERATOR_NAMESPACE)
        .withName(OPERATOR)
        .get()
        .getSpec()
        .getHolderIdentity();
  }

  List<String> operatorPods() {
    return client
        .pods()
        .inNamespace(OPERATOR_NAMESPACE)
        .withLabel("app.kubernetes.io/name", OPERATOR)
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  void untilOperatorIsReady() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              var deployment =
                  client.apps().deployments().inNamespace(OPERATOR_NAMESPACE).withName(OPERATOR);
              return Integer.valueOf(2).equals(deployment.get().getStatus().getReadyReplicas());
            });
  }

  boolean nodeIsReady() {
    return client.nodes().list().getItems().stream()
        .flatMap(node -> node.getStatus().getConditions().stream())
        .anyMatch(each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
  }

  /**
   * Kills a pod's Java process as nothing in it can be caught: from the node. Where none runs,
   * because the kubelet has not started another yet, it is waited for.
   */
  void killProcessOf(String pod) {
    List<String> pids =
        await("a process of " + pod + ", which root can see")
            .atMost(PATIENCE)
            .until(() -> processesOf(pod), found -> !found.isEmpty());
    List<String> command = new ArrayList<>(List.of("kill", "-9"));
    command.addAll(pids);
    run(command.toArray(String[]::new));
  }

  private static List<String> processesOf(String pod) {
    try (var processes = Files.list(Path.of("/proc"))) {
      return processes
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .filter(pid -> environment(pid).contains("POD_NAME=" + pod))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> environment(String pid) {
    try {
      return Arrays.asList(Files.readString(Path.of("/proc", pid, "environ")).split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Runs a command in the project's folder. */
  static String run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("..").toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("%s: %s".formatted(String.join(" ", command), output));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
