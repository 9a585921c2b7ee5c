package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.operator.backend.vertex.VertexCallException;
import io.fashionmnist.training.testing.EmulatorProcess;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What happens to a few jobs, drawn from a seed: passes on stale views, operators that end between
 * any two calls or are held up while another works, a service that loses answers and shows jobs
 * late, users who suspend, delete and delete by force. Time passes between steps only.
 */
final class CrashSchedule implements InstantSource {
  private static final String CPUS = "custom_model_training_cpus";
  static final List<String> REGIONS = List.of("us-central1", "us-west1");
  private static final int STEPS = 100;
  private static final int CALM_STEPS = 400;
  private static final int VIEWS = 4;
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** How long lists may lag without any harm. */
  static final Duration SETTLE = Duration.ofSeconds(60);

  private final long seed;
  private final Random random;
  private final Duration lag;
  private final String project;
  private final String namespace;
  private final KubernetesClient admin;
  private final EmulatorProcess vertex;
  private final NodeStandIn node;
  private final OperatorInstances instances;
  private final List<String> names;
  private final Map<String, List<FashionTrainingJob>> views = new HashMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private final List<String> story = new ArrayList<>();

  /** Behind the API server's, which says when resources were deleted. */
  private Instant now = Instant.now().minus(Duration.ofHours(12)).truncatedTo(ChronoUnit.SECONDS);

  private OperatorInstances.Instance operator;
  private boolean heldUp;
  private boolean calm;

  /**
   * @param late whether lists lag for longer than the operator allows for
   */
  CrashSchedule(
      long seed,
      boolean late,
      String namespace,
      KubernetesClient admin,
      EmulatorProcess vertex,
      OperatorInstances instances) {
    this.seed = seed;
    this.namespace = namespace;
    this.admin = admin;
    this.vertex = vertex;
    this.instances = instances;
    random = new Random(seed);
    lag =
        late
            ? SETTLE.plusSeconds(20 + random.nextInt(200))
            : Duration.ofSeconds(Math.max(random.nextInt(59), random.nextInt(59)));
    project = "p-" + Long.toUnsignedString(seed, 36);
    node = NodeStandIn.byHand(admin, namespace, Duration.ZERO);
    names =
        IntStream.rangeClosed(1, 1 + random.nextInt(3)).mapToObj(each -> "job-" + each).toList();
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Between which calls operators ended, and how often. */
  Map<String, Integer> ends() {
    return ends;
  }

  /** What happened, a line each. */
  String story() {
    return String.join("\n", story);
  }

  /** Runs it; throws what was wrong. */
  void run() {
    vertex.time(now);
    vertex.heal();
    faultOf("{name: lag, fault: list-lag, delay: %ds}".formatted(lag.toSeconds()));
    REGIONS.forEach(
        region -> vertex.limit(region, CPUS, random.nextInt(3) == 0 ? 4 * random.nextInt(3) : 42));
    vertex.overQuota(List.of("reject", "fail", "queue").get(random.nextInt(3)));
    names.forEach(this::create);
    operator = instances.start(project, this, this::maybeHeldUp, random.nextLong());
    for (int step = 0; step < STEPS; step++) {
      step();
    }
    comeToRest();
    compareTheBooks();
  }

  private void step() {
    pass(Duration.ofSeconds(random.nextInt(5) == 0 ? random.nextInt(60) : random.nextInt(12)));
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> look();
      case 4, 5, 6, 7, 8, 9, 10 -> reconcile(anyOf(names), random.nextInt(4) == 0);
      case 11, 12, 13 -> {
        operator.life().endBeforeCall(1 + random.nextInt(7));
        reconcile(anyOf(names), false);
      }
      case 14 -> node.tick();
      case 15 -> suspend(anyOf(names), random.nextInt(3) == 0);
      case 16, 17, 18 -> fault();
      default -> {
        if (random.nextInt(6) == 0) {
          delete(anyOf(names), random.nextInt(3) == 0);
        }
      }
    }
    if (operator.life().over()) {
      ends.merge(operator.life().end(), 1, Integer::sum);
      tell("the operator ended: " + operator.life().end());
      startAnother();
    }
    checkLive();
  }

  /** No more surprises: fresh views, whole passes, until every job is over. */
  private void comeToRest() {
    calm = true;
    operator.life().spare();
    startAnother();
    operator.lagNoMore();
    vertex.heal();
    faultOf("{name: lag, fault: list-lag, delay: %ds}".formatted(lag.toSeconds()));
    REGIONS.forEach(region -> vertex.limit(region, CPUS, 42));
    names.forEach(name -> suspend(name, false));
    for (int step = 0; step < CALM_STEPS && !atRest(); step++) {
      pass(INTERVAL.plusSeconds(2 + random.nextInt(15)));
      look();
      node.tick();
      names.forEach(name -> reconcile(name, false));
      checkLive();
    }
    // What is shown late is swept late.
    for (int step = 0; step < 4; step++) {
      pass(lag.dividedBy(2).plusSeconds(20));
      look();
      names.forEach(name -> reconcile(name, false));
    }
  }

  private boolean atRest() {
    return resources().stream()
        .allMatch(
            job -> job.currentStatus().phase() != null && job.currentStatus().phase().finished());
  }

  private void startAnother() {
    operator.close();
    operator = instances.start(project, this, this::maybeHeldUp, random.nextLong());
  }

  /** The whole process is held up before a call, and another takes its place. */
  private void maybeHeldUp() {
    if (calm || heldUp || random.nextInt(12) != 0) {
      return;
    }
    heldUp = true;
    tell("the operator is held up");
    OperatorInstances.Instance stopped = operator;
    operator = instances.start(project, this, this::maybeHeldUp, random.nextLong());
    int steps = 1 + random.nextInt(6);
    for (int step = 0; step < steps; step++) {
      step();
    }
    tell("it goes on");
    stopped.takeOver();
    // It learns at its next renewal that it leads no more: after this pass.
    stopped.life().endBeforeCall(1 + random.nextInt(4));
    heldUp = false;
  }

  private void look() {
    Map<String, List<JsonNode>> before = shownLive();
    try {
      operator.connection().look();
    } catch (Life.EndException e) {
      return;
    }
    if (lag.compareTo(SETTLE) > 0 && calm) {
      // The list was due: what it showed twice, it shows once more.
      List<String> live = live().stream().map(CrashSchedule::id).toList();
      before.forEach(
          (attempt, jobs) ->
              assertThat(jobs.stream().map(CrashSchedule::id).filter(live::contains))
                  .as("custom jobs of %s that a list has shown", attempt)
                  .hasSizeLessThanOrEqualTo(1));
    }
  }

  private void reconcile(String name, boolean stale) {
    List<FashionTrainingJob> seen = views.computeIfAbsent(name, _ -> new ArrayList<>());
    FashionTrainingJob fresh = get(name);
    if (fresh != null) {
      seen.add(fresh);
    }
    while (seen.size() > VIEWS) {
      seen.removeFirst();
    }
    if (seen.isEmpty() || (fresh == null && !stale)) {
      return;
    }
    FashionTrainingJob view = stale ? seen.get(random.nextInt(seen.size())) : fresh;
    OperatorInstances.Instance one = operator;
    try {
      one.reconcile(view);
    } catch (Life.EndException | Life.LateException | VertexCallException e) {
      // Tried again later, if there is a later.
      tell(name + ": " + e);
    } catch (KubernetesClientException e) {
      if (!one.life().over()) {
        throw e;
      }
    }
    if (one != operator) {
      // It was held up in that pass, and is not the leader any more.
      one.close();
      operator.takeOver();
    }
    FashionTrainingJob after = get(name);
    if (after != null && !after.currentStatus().attempts().isEmpty()) {
      Attempt last = after.currentStatus().attempts().getLast();
      tell(
          "%s%s: %s, attempt %d on %s %s %s %s"
              .formatted(
                  name,
                  stale ? " (stale)" : "",
                  after.currentStatus().phase(),
                  last.number(),
                  last.placement(),
                  last.state(),
                  last.reason(),
                  Optional.ofNullable(last.externalName()).orElse("")));
    }
  }

  private void fault() {
    String fault =
        anyOf(
            List.of(
                "fault: deadline-exceeded-after-commit, call: CreateCustomJob",
                "fault: deadline-exceeded-after-commit, call: CreateCustomJob",
                "fault: error-after-commit, call: CreateCustomJob",
                "fault: error-after-commit, call: CancelCustomJob",
                "fault: error, call: CreateCustomJob",
                "fault: error, call: CreateCustomJob",
                "fault: error, call: ListCustomJobs",
                "fault: error, call: CancelCustomJob",
                "fault: error, call: GetCustomJob",
                "fault: rate-limit, call: CreateCustomJob",
                "fault: quota-exceeded",
                "fault: stays-queued",
                "fault: failed-for-quota, delay: 20s",
                "fault: stockout, delay: 5s",
                "fault: preemption, delay: 10s",
                "fault: succeeds-while-cancelling",
                "fault: late-error, delay: 40s"));
    faultOf("{%s, count: 1}".formatted(fault));
  }

  private void faultOf(String rule) {
    tell("fault " + rule);
    vertex.fault(rule);
  }

  private void suspend(String name, boolean suspend) {
    try {
      generic(name)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"spec\": {\"runPolicy\": {\"suspend\": %s}}}".formatted(suspend));
      tell(name + (suspend ? ": suspended" : ": not suspended"));
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).isEqualTo(404);
    }
  }

  private void delete(String name, boolean byForce) {
    tell(name + (byForce ? ": deleted by force" : ": deleted"));
    FashionTrainingJob job = get(name);
    if (job == null) {
      create(name);
      return;
    }
    if (byForce) {
      generic(name)
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"finalizers\": []}}");
    }
    generic(name).delete();
    // There is no garbage collector here, and what it collects is not in question.
    admin.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .filter(
            each -> each.getMetadata().getOwnerReferences().getFirst().getUid().equals(uid(job)))
        .forEach(each -> admin.resource(each).delete());
  }

  private void create(String name) {
    String fate = anyOf(List.of("short", "short", "long", "broken", "interrupted", "bad"));
    String machine = anyOf(List.of("n1-standard-4", "n1-standard-4, strategy: Spot"));
    admin
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: %s}
                spec:
                  runPolicy: {backoffLimit: 2}
                  fallback: {maxRounds: 2, roundBackoff: 30s}
                  output: {uri: gs://central/runs}
                  placements:
                    - {name: central, maxQueueDuration: 2m, vertex: {project: %s, region: us-central1, machineType: %s, labels: {fate: %s}}}
                    - {name: west, maxQueueDuration: 2m, vertex: {project: %s, region: us-west1, machineType: %s, labels: {fate: %s}, outputUri: gs://west/runs}}
                    - {name: here, cluster: {}}
                """
                    .formatted(name, project, machine, fate, project, machine, fate),
                GenericKubernetesResource.class))
        .inNamespace(namespace)
        .create();
    tell(name + ": created, " + fate);
  }

  /** At most one live attempt of each resource, wherever it runs. */
  private void checkLive() {
    if (lag.compareTo(SETTLE) > 0) {
      return;
    }
    Map<String, List<String>> live = new HashMap<>();
    live()
        .forEach(
            job ->
                live.computeIfAbsent(ownerUid(job), _ -> new ArrayList<>())
                    .add(job.get("displayName").asText() + " " + id(job)));
    admin.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .filter(job -> job.getStatus() == null || job.getStatus().getCompletionTime() == null)
        .forEach(
            job ->
                live.computeIfAbsent(
                        job.getMetadata().getOwnerReferences().getFirst().getUid(),
                        _ -> new ArrayList<>())
                    .add(job.getMetadata().getName()));
    assertThat(live.values())
        .as("live attempts of a job")
        .allSatisfy(its -> assertThat(its).hasSizeLessThanOrEqualTo(1));
  }

  /** Nothing is lost, nothing is left, and both sides tell the same. */
  private void compareTheBooks() {
    assertThat(live()).as("live custom jobs in the end").isEmpty();
    List<FashionTrainingJob> left = resources();
    assertThat(left)
        .as("jobs in the end")
        .allSatisfy(
            job -> {
              assertThat(job.currentStatus().phase()).isIn(Phase.SUCCEEDED, Phase.FAILED);
              assertThat(job.currentStatus().activeAttempt()).isNull();
              assertThat(job.getMetadata().getDeletionTimestamp()).isNull();
            });
    if (lag.compareTo(SETTLE) > 0) {
      return;
    }
    for (FashionTrainingJob job : left) {
      Map<String, Attempt> attempts =
          job.currentStatus().attempts().stream()
              .filter(each -> each.backend() == Backend.VERTEX && each.externalName() != null)
              .collect(Collectors.toMap(each -> lastPart(each.externalName()), each -> each));
      Map<String, String> custom =
          jobs().stream()
              .filter(each -> ownerUid(each).equals(uid(job)))
              .collect(Collectors.toMap(CrashSchedule::id, each -> each.get("state").asText()));
      assertThat(attempts.keySet())
          .as("custom jobs that %s knows of, and that there were", job.getMetadata().getName())
          .isEqualTo(custom.keySet());
      attempts.forEach(
          (id, attempt) ->
              assertThat(attempt.state() == AttemptState.SUCCEEDED)
                  .as("%s, which is %s", attempt, custom.get(id))
                  .isEqualTo("JOB_STATE_SUCCEEDED".equals(custom.get(id))));
    }
  }

  /** By attempt, what lists show and nobody has cancelled yet, the oldest first. */
  private Map<String, List<JsonNode>> shownLive() {
    return live().stream()
        .filter(job -> !"JOB_STATE_CANCELLING".equals(job.get("state").asText()))
        .filter(job -> !Instant.parse(job.get("createTime").asText()).plus(lag).isAfter(now))
        .sorted(Comparator.comparing(job -> job.get("createTime").asText()))
        .collect(
            Collectors.groupingBy(
                job -> ownerUid(job) + job.at("/labels/fashion-training-attempt").asText()));
  }

  private List<JsonNode> live() {
    return of(vertex.liveJobs());
  }

  private List<JsonNode> jobs() {
    return of(vertex.jobs());
  }

  /** Of this schedule: its jobs are in a bucket of labels of their own. */
  private List<JsonNode> of(List<JsonNode> all) {
    return all.stream()
        .filter(job -> namespace.equals(job.at("/labels/fashion-training-job-namespace").asText()))
        .toList();
  }

  private static String ownerUid(JsonNode job) {
    return job.at("/labels/fashion-training-job-uid").asText();
  }

  private static String id(JsonNode job) {
    return job.get("id").asText();
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static String uid(FashionTrainingJob job) {
    return job.getMetadata().getUid();
  }

  private <T> T anyOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void pass(Duration time) {
    now = now.plus(time);
    vertex.time(now);
  }

  private void tell(String what) {
    story.add("%s %s".formatted(now, what));
  }

  private List<FashionTrainingJob> resources() {
    return admin.resources(FashionTrainingJob.class).inNamespace(namespace).list().getItems();
  }

  private FashionTrainingJob get(String name) {
    return admin.resources(FashionTrainingJob.class).inNamespace(namespace).withName(name).get();
  }

  private io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource> generic(
      String name) {
    return admin
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(namespace)
        .withName(name);
  }
}
