package io.fashionmnist.training.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long it takes to get past full placements, and what live jobs cost in calls to Vertex AI. The
 * operator, the emulator and Cloud Storage's are processes; what the last placement's custom job
 * runs is the real trainer, as a process too: no machine is waited for.
 */
final class FallbackMeasuring {
  /** Custom jobs that are over when calls are counted. */
  static final int RECORDS = 200;

  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String SHORT = "n1-highmem-2";
  private static final String LONG = "n1-standard-4";

  private static final List<String> REGIONS =
      List.of("us-central1", "us-west1", "us-east4", "us-south1");
  private static final String FREE = "us-east1";
  private static final List<String> ALL = Stream.concat(REGIONS.stream(), Stream.of(FREE)).toList();
  private static final int ROUNDS = 3;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration SETTLE = Duration.ofSeconds(20);
  private static final String NAMESPACE = "bench-fallback";

  /**
   * What is run.
   *
   * @param operator starts the operator
   * @param emulator starts the emulator
   * @param trainer starts the trainer
   * @param storage address of Cloud Storage's emulator
   * @param data folder of Fashion-MNIST
   * @param jobs numbers of live jobs whose calls are counted
   * @param seconds how long they are counted
   */
  record Plan(
      List<String> operator,
      String emulator,
      String trainer,
      String storage,
      String data,
      List<Integer> jobs,
      int seconds) {}

  private final KubernetesClient client;
  private final Plan plan;
  private final Path directory;
  private final Path kubeconfig;
  private int runs;

  FallbackMeasuring(KubernetesClient client, Plan plan, Path directory) {
    this.client = client;
    this.plan = plan;
    this.directory = directory;
    kubeconfig = directory.resolve("fallback.kubeconfig");
  }

  FallbackReport measure() throws IOException, InterruptedException {
    OperatorAccount.create(client, kubeconfig);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    makeBuckets();
    return new FallbackReport(firstSteps(), calls(), plan.seconds());
  }

  /** Each region has its own, as a job's bucket must be where the job is. */
  private void makeBuckets() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String region : ALL) {
        var request =
            HttpRequest.newBuilder(URI.create(plan.storage() + "/storage/v1/b?project=bench"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\": \"%s\"}".formatted(bucket(region))))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
          throw new IOException("no bucket in %s: %s".formatted(region, response.body()));
        }
      }
    }
  }

  private static String bucket(String region) {
    return "bench-" + region;
  }

  /** Medians of the seconds to the first step, by how many placements are full. */
  private List<Double> firstSteps() throws IOException, InterruptedException {
    String settings =
        """
        overQuota: reject
        quotas: {%s}
        executor:
          type: process
          command: [%s, "{args}"]
          logs: %s
          environment: {STORAGE_EMULATOR_HOST: "%s", FASHION_DATA: "file://%s"}
        """
            .formatted(
                REGIONS.stream()
                    .map(each -> each + ": {custom_model_training_cpus: 0}")
                    .collect(Collectors.joining(", ")),
                plan.trainer(),
                directory.resolve("trainers"),
                plan.storage(),
                plan.data());
    List<Double> medians = new ArrayList<>();
    try (Emulator vertex = Emulator.start(plan.emulator(), settings, directory);
        OperatorProcess _ = operator(vertex, ALL)) {
      // The first job warms up both programs, and is not counted.
      firstStep(vertex, 0);
      for (int full = 0; full <= REGIONS.size(); full++) {
        List<Double> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          rounds.add(firstStep(vertex, full));
        }
        medians.add(rounds.stream().sorted().toList().get(ROUNDS / 2));
        System.err.printf("%d full placements: %s s%n", full, rounds);
      }
    }
    return medians;
  }

  private double firstStep(Emulator vertex, int full) throws IOException, InterruptedException {
    // A project of its own: nobody knows anything of it.
    String project = "bench-" + ++runs;
    List<String> regions = new ArrayList<>(REGIONS.subList(0, full));
    regions.add(FREE);
    long start = System.nanoTime();
    create("first-step-" + runs, project, regions, "training: {epochs: 1}");
    List<String> running = List.of();
    while (running.isEmpty() || !vertex.log(running.getFirst()).contains("First step done")) {
      within(start, LIMIT, () -> "the first step of " + told("first-step-" + runs));
      running = vertex.jobs("RUNNING");
      TimeUnit.MILLISECONDS.sleep(20);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    delete("first-step-" + runs);
    // Until the operator has let go of it: what it leaves, the next one looks for.
    while (!vertex.jobs("RUNNING").isEmpty() || !resources().list().getItems().isEmpty()) {
      within(start, LIMIT, () -> "the end of " + told("first-step-" + runs));
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return seconds;
  }

  /** Calls in a minute by number of regions, number of jobs and method. */
  private List<FallbackReport.Calls> calls() throws IOException, InterruptedException {
    List<FallbackReport.Calls> all = new ArrayList<>();
    for (int regions : List.of(1, REGIONS.size())) {
      for (int jobs : plan.jobs()) {
        all.add(calls(jobs, regions));
        System.err.println(all.getLast());
      }
    }
    return all;
  }

  private FallbackReport.Calls calls(int jobs, int regions)
      throws IOException, InterruptedException {
    String settings =
        """
        executor: {type: scripted, scripts: [{machineType: %s, running: 1s}, {running: 24h}]}
        """
            .formatted(SHORT);
    String project = "bench-" + ++runs;
    List<String> used = REGIONS.subList(0, regions);
    List<String> names =
        IntStream.range(0, jobs).mapToObj(each -> "live-" + runs + "-" + each).toList();
    Map<String, Long> counted;
    try (Emulator vertex = Emulator.start(plan.emulator(), settings, directory)) {
      try (OperatorProcess _ = operator(vertex, used)) {
        leaveRecords(vertex, project, used);
        for (int job = 0; job < jobs; job++) {
          create(names.get(job), project, List.of(used.get(job % regions)), "");
        }
        long start = System.nanoTime();
        while (vertex.jobs("RUNNING").size() < jobs || !allRunning()) {
          within(start, LIMIT, () -> jobs + " running jobs");
          TimeUnit.SECONDS.sleep(1);
        }
        TimeUnit.SECONDS.sleep(SETTLE.toSeconds());
        vertex.forgetCalls();
        TimeUnit.SECONDS.sleep(plan.seconds());
        counted = vertex.calls();
      }
      names.forEach(this::deleteByForce);
    }
    return new FallbackReport.Calls(regions, jobs, counted);
  }

  /** What finished before stays on record: nobody should have to read it again and again. */
  private void leaveRecords(Emulator vertex, String project, List<String> regions)
      throws IOException, InterruptedException {
    List<String> names =
        IntStream.range(0, RECORDS).mapToObj(each -> "over-" + runs + "-" + each).toList();
    for (int job = 0; job < RECORDS; job++) {
      create(names.get(job), project, List.of(regions.get(job % regions.size())), SHORT, "");
    }
    long start = System.nanoTime();
    while (vertex.jobs("SUCCEEDED").size() < RECORDS) {
      within(start, LIMIT, () -> RECORDS + " finished jobs");
      TimeUnit.SECONDS.sleep(1);
    }
    names.forEach(this::deleteByForce);
  }

  private boolean allRunning() {
    return resources().list().getItems().stream().allMatch(Contender.FASHION_TRAINING::running);
  }

  /** Where jobs may run an operator looks when it starts, whether it has any there or not. */
  private OperatorProcess operator(Emulator vertex, List<String> regions)
      throws IOException, InterruptedException {
    Path settings = directory.resolve("operator.yaml");
    Files.writeString(
        settings,
        """
        tenants: [{projects: ["bench-*"], regions: [%s]}]
        vertex: {emulator: "%s", storage: "%s", bucketRegions: {%s}}
        """
            .formatted(
                String.join(", ", regions),
                vertex.endpoint(),
                plan.storage(),
                ALL.stream()
                    .map(region -> "%s: %s".formatted(bucket(region), region))
                    .collect(Collectors.joining(", "))));
    List<String> command = new ArrayList<>(List.of("env", "FASHION_TRAINING_CONFIG=" + settings));
    command.addAll(plan.operator());
    return OperatorProcess.start(
        Contender.FASHION_TRAINING, command, kubeconfig, directory.resolve("operator.log"));
  }

  private void create(String name, String project, List<String> regions, String training) {
    create(name, project, regions, LONG, training);
  }

  private void create(
      String name, String project, List<String> regions, String machine, String training) {
    String placements =
        regions.stream()
            .map(
                region ->
                    """
                    - name: %s
                      vertex: {project: %s, region: %s, machineType: %s, outputUri: "gs://%s/runs"}
                """
                        .formatted(region, project, region, machine, bucket(region)))
            .collect(Collectors.joining());
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: %s}
                spec:
                  placements:
                %s
                  %s
                """
                    .formatted(name, placements, training),
                GenericKubernetesResource.class))
        .inNamespace(NAMESPACE)
        .create();
  }

  private void delete(String name) {
    resources().withName(name).delete();
  }

  /** Nobody is there who would end what it left on Vertex AI, nor is that. */
  private void deleteByForce(String name) {
    try {
      // Without a version: the operator may be writing its status.
      resources().withName(name).patch(MERGE, "{\"metadata\": {\"finalizers\": null}}");
    } finally {
      delete(name);
    }
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      resources() {
    return client
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(NAMESPACE);
  }

  /** A resource with what its status says. */
  private String told(String name) {
    return "%s, whose status is %s"
        .formatted(
            name,
            Optional.ofNullable(resources().withName(name).get())
                .map(job -> job.<Object>get("status"))
                .orElse("gone"));
  }

  private static void within(long start, Duration limit, Supplier<String> what) throws IOException {
    if (System.nanoTime() - start > limit.toNanos()) {
      throw new IOException("%s took more than %s".formatted(what.get(), limit));
    }
  }
}
