package io.fashionmnist.training.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a real API server makes of manifests, by the chart's definition alone. */
class ManifestValidationIT {
  @RegisterExtension private static final ApiServer SERVER = new ApiServer();

  private static final Path EXAMPLES = Path.of("../examples");

  /** Durations can be written in 19 characters; beyond those it is their rule that speaks. */
  private static final Set<String> NEVER_THAT_LONG =
      Set.of("spec.fallback.roundBackoff", "spec.placements[].maxQueueDuration");

  private static final Comparator<JsonNode> BY_NUMBER =
      (left, right) ->
          left.isNumber() && right.isNumber()
              ? left.decimalValue().compareTo(right.decimalValue())
              : left.equals(right) ? 0 : 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicInteger jobs = new AtomicInteger();

  @TestFactory
  Stream<DynamicTest> aValidManifestIsAcceptedAndKeptAsItWasWritten() {
    return Tables.valid().entrySet().stream()
        .map(row -> dynamicTest(row.getKey(), () -> accept(row.getValue())));
  }

  private void accept(Map<String, Object> spec) {
    GenericKubernetesResource stored = SERVER.apply(job("valid", spec));

    assertThatObject(tree(stored.get("spec"))).usingComparator(same()).isEqualTo(tree(spec));
    assertThat(SERVER.read(stored.getMetadata().getName()).getSpec().placements())
        .hasSize(((List<?>) spec.getOrDefault("placements", List.of())).size());
  }

  @TestFactory
  Stream<DynamicTest> aManifestAppliedAgainIsNoChange() {
    return Tables.valid().entrySet().stream()
        .map(row -> dynamicTest(row.getKey(), () -> applyAgain(row.getValue())));
  }

  private void applyAgain(Map<String, Object> spec) {
    GenericKubernetesResource job = job("again", spec);
    GenericKubernetesResource first = SERVER.apply(job);
    assertThat(version(SERVER.apply(job))).isEqualTo(version(first));

    GenericKubernetesResource written =
        SERVER.writeStatus(
            job.getMetadata().getName(),
            Map.of("phase", "Running", "attemptCount", 1, "activeAttempt", 1));
    assertThat(version(written)).isNotEqualTo(version(first));
    assertThat(version(SERVER.apply(job))).isEqualTo(version(written));
    assertThat(written.getMetadata().getGeneration()).isEqualTo(1);
  }

  @TestFactory
  Stream<DynamicTest> anInvalidManifestIsRefusedForItsOneReason() {
    return Tables.refused().entrySet().stream()
        .map(row -> dynamicTest(row.getKey(), () -> refuse(row.getValue())));
  }

  private void refuse(Tables.Refused row) {
    GenericKubernetesResource job =
        row.name() == null ? job("invalid", row.spec()) : ApiServer.job(row.name(), row.spec());

    assertRefused(SERVER.objections(job), row.field(), row.message());
  }

  @TestFactory
  Stream<DynamicTest> aValueIsAcceptedUpToItsLimitAndRefusedBeyond() {
    return Tables.limits().entrySet().stream()
        .flatMap(
            row ->
                row.getValue().entrySet().stream()
                    .map(
                        limit ->
                            dynamicTest(
                                "%s, %s: %s"
                                    .formatted(row.getKey(), limit.getKey(), limit.getValue()),
                                () -> probe(row.getKey(), limit.getKey(), limit.getValue()))));
  }

  private void probe(String field, Limit limit, Object bound) {
    Map<String, Object> manifest =
        Tables.valid().values().stream()
            .map(spec -> Map.<String, Object>of("spec", spec))
            .filter(candidate -> FieldPath.find(field, candidate).isPresent())
            .findFirst()
            .orElseThrow();
    FieldPath path = FieldPath.find(field, manifest).orElseThrow();
    Object sample = path.in(manifest);
    if (limit != Limit.LONGEST || !NEVER_THAT_LONG.contains(field)) {
      for (Object value : limit.within(bound, sample)) {
        assertThat(objections(path.set(manifest, value))).as("%s", value).isEmpty();
      }
    }
    for (Object value : limit.beyond(bound, sample)) {
      // The same value may break a rule as well, of the field or of what it is in.
      assertThat(objections(path.set(manifest, value)))
          .as("%s", value)
          .allMatch(objection -> path.toString().startsWith(objection.getField()))
          .filteredOn(objection -> objection.getMessage().contains(limit.objection()))
          .hasSize(1);
    }
  }

  @SuppressWarnings("unchecked")
  private List<StatusCause> objections(Map<String, Object> manifest) {
    return SERVER.objections(job("limit", (Map<String, Object>) manifest.get("spec")));
  }

  @TestFactory
  Stream<DynamicTest> aChangeIsAllowedOrRefused() {
    return Tables.changes().entrySet().stream()
        .map(row -> dynamicTest(row.getKey(), () -> change(row.getValue())));
  }

  private void change(Tables.Change row) {
    GenericKubernetesResource before = job("change", row.before());
    String name = before.getMetadata().getName();
    SERVER.apply(before);
    if (row.status() != null) {
      SERVER.writeStatus(name, row.status());
    }
    GenericKubernetesResource after = ApiServer.job(name, row.after());

    if (row.message() == null) {
      assertThat(tree(SERVER.apply(after).get("spec"))).isEqualTo(tree(row.after()));
    } else {
      KubernetesClientException refusal =
          catchThrowableOfType(KubernetesClientException.class, () -> SERVER.apply(after));
      assertThat(refusal).as("refusal").isNotNull();
      assertRefused(ApiServer.objections(refusal), "<nil>", row.message());
    }
  }

  @TestFactory
  Stream<DynamicTest> everyExampleIsAccepted() throws IOException {
    List<GenericKubernetesResource> jobs = Tables.jobs(EXAMPLES);
    assertThat(jobs).as("jobs in %s", EXAMPLES).isNotEmpty();
    return jobs.stream().map(job -> dynamicTest(job.getMetadata().getName(), () -> accept(job)));
  }

  private static void accept(GenericKubernetesResource job) {
    job.getMetadata().setNamespace(ApiServer.NAMESPACE);

    assertThat(SERVER.objections(job)).isEmpty();
  }

  @Test
  void aJobHasAStatusOfItsOwnAndNoScale() {
    assertThat(SERVER.resources())
        .extracting(APIResource::getName)
        .containsExactlyInAnyOrder("fashiontrainingjobs", "fashiontrainingjobs/status");
    assertThat(SERVER.resources().getFirst().getShortNames()).containsExactly("ftj");
    assertThat(SERVER.resources().getFirst().getCategories()).containsExactly("all", "training");
    assertThat(SERVER.resources().getFirst().getNamespaced()).isTrue();
  }

  @Test
  void aUserWritesNoStatusAndTheOperatorNoSpecification() {
    GenericKubernetesResource job = job("apart", Map.of("training", Map.of("epochs", 3)));
    String name = job.getMetadata().getName();
    job.setAdditionalProperty("status", Map.of("attemptCount", 5));
    assertThat(SERVER.apply(job).getAdditionalProperties()).doesNotContainKey("status");

    GenericKubernetesResource written = SERVER.writeStatus(name, Map.of("attemptCount", 1));
    assertThat(tree(written.get("spec"))).isEqualTo(tree(job.get("spec")));
    assertThat(SERVER.read(name).currentStatus().attemptCount()).isEqualTo(1);
  }

  @Test
  void aListOfJobsTellsHowTheyAreDoing() {
    GenericKubernetesResource job = job("columns", Map.of());
    String name = job.getMetadata().getName();
    SERVER.apply(job);
    SERVER.writeStatus(
        name,
        Map.of(
            "phase",
            "Running",
            "backend",
            "Cluster",
            "placement",
            "here",
            "training",
            Map.of("progressPercentage", 40, "test", Map.of("accuracy", 0.91))));

    JsonNode table = SERVER.table(name);
    assertThat(table.get("columnDefinitions").findValuesAsText("name"))
        .containsExactly("Name", "PHASE", "BACKEND", "PLACEMENT", "PROGRESS", "ACCURACY", "AGE");
    assertThat(table.at("/rows/0/cells"))
        .extracting(JsonNode::asText)
        .startsWith(name, "Running", "Cluster", "here", "40", "0.91");
  }

  private static void assertRefused(List<StatusCause> objections, String field, String message) {
    assertThat(objections).singleElement();
    assertThat(objections.getFirst().getMessage()).contains(message);
    assertThat(objections.getFirst().getField()).isEqualTo(field);
  }

  private GenericKubernetesResource job(String prefix, Map<String, Object> spec) {
    return ApiServer.job(prefix + "-" + jobs.incrementAndGet(), spec);
  }

  private static String version(GenericKubernetesResource job) {
    return job.getMetadata().getResourceVersion();
  }

  private static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  /** Numbers are the same however they are written: 15.0 and 15. */
  private static Comparator<JsonNode> same() {
    return (left, right) -> left.equals(BY_NUMBER, right) ? 0 : 1;
  }
}
