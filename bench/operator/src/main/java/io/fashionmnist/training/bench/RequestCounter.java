package io.fashionmnist.training.bench;

import io.fabric8.kubernetes.api.model.flowcontrol.v1.FlowSchema;
import io.fabric8.kubernetes.api.model.flowcontrol.v1.FlowSchemaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Counts one service account's requests by kind, in the API server and at no cost: each kind is a
 * FlowSchema, and the server counts by FlowSchema what it lets through and what it turns away. The
 * priority is the one that every pod's service account has.
 */
final class RequestCounter {
  private static final List<String> WRITE =
      List.of("create", "update", "patch", "delete", "deletecollection");
  private static final String PREFIX = "bench-";

  /** Kinds of requests; the first that fits counts. */
  enum Kind {
    STATUS(WRITE, List.of("fashiontrainingjobs/status", "tfjobs/status")),
    JOBS(WRITE, List.of("fashiontrainingjobs", "tfjobs")),
    CHILDREN(WRITE, List.of("jobs", "pods", "services")),
    EVENTS(WRITE, List.of("events")),
    LEASES(WRITE, List.of("leases")),
    OTHER_WRITES(WRITE, List.of("*")),
    WATCHES(List.of("watch"), List.of("*")),
    READS(List.of("*"), List.of("*"));

    private final List<String> verbs;
    private final List<String> resources;

    Kind(List<String> verbs, List<String> resources) {
      this.verbs = verbs;
      this.resources = resources;
    }

    /** Whether it changes anything; a Lease, which says only that someone is there, does not. */
    boolean writes() {
      return verbs.equals(WRITE) && this != LEASES;
    }

    String flowSchema() {
      return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Requests so far.
   *
   * @param conflicts status writes that were answered with 409, whoever sent them
   */
  record Counts(Map<Kind, Long> served, Map<Kind, Long> refused, long conflicts) {
    Counts since(Counts before) {
      return new Counts(
          minus(served, before.served),
          minus(refused, before.refused),
          conflicts - before.conflicts);
    }

    long writes() {
      return served.entrySet().stream()
          .filter(each -> each.getKey().writes())
          .mapToLong(Map.Entry::getValue)
          .sum();
    }

    long of(Kind kind) {
      return served.get(kind);
    }

    long allRefused() {
      return refused.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<Kind, Long> minus(Map<Kind, Long> after, Map<Kind, Long> before) {
      Map<Kind, Long> difference = new EnumMap<>(Kind.class);
      after.forEach((kind, count) -> difference.put(kind, count - before.get(kind)));
      return difference;
    }
  }

  private final KubernetesClient client;

  RequestCounter(KubernetesClient client) {
    this.client = client;
  }

  /** Begins to count a service account's requests. */
  void install(String namespace, String serviceAccount) throws InterruptedException {
    for (Kind kind : Kind.values()) {
      FlowSchema schema = client.resource(schema(kind, namespace, serviceAccount)).create();
      client.resource(schema).waitUntilCondition(RequestCounter::effective, 30, TimeUnit.SECONDS);
    }
  }

  private static boolean effective(FlowSchema schema) {
    return schema != null
        && schema.getStatus() != null
        && schema.getStatus().getConditions().stream()
            .anyMatch(
                each -> "Dangling".equals(each.getType()) && "False".equals(each.getStatus()));
  }

  private static FlowSchema schema(Kind kind, String namespace, String serviceAccount) {
    return new FlowSchemaBuilder()
        .withNewMetadata()
        .withName(kind.flowSchema())
        .endMetadata()
        .withNewSpec()
        .withMatchingPrecedence(100 + kind.ordinal())
        .withNewPriorityLevelConfiguration("workload-low")
        .withNewDistinguisherMethod("ByUser")
        .addNewRule()
        .addNewSubject()
        .withKind("ServiceAccount")
        .withNewServiceAccount(serviceAccount, namespace)
        .endSubject()
        .addNewResourceRule()
        .withVerbs(kind.verbs)
        .withApiGroups("*")
        .withResources(kind.resources)
        .withNamespaces("*")
        .withClusterScope(true)
        .endResourceRule()
        .endRule()
        .endSpec()
        .build();
  }

  Counts counts() {
    return parse(client.raw("/metrics"));
  }

  static Counts parse(String metrics) {
    return new Counts(
        sums(metrics, "apiserver_flowcontrol_dispatched_requests_total"),
        sums(metrics, "apiserver_flowcontrol_rejected_requests_total"),
        sum(
            metrics,
            "apiserver_request_total\\{code=\"409\"[^}]*resource=\"(?:fashiontrainingjobs|tfjobs)\"[^}]*subresource=\"status\"[^}]*}"));
  }

  private static Map<Kind, Long> sums(String metrics, String metric) {
    Map<Kind, Long> sums = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      long sum =
          sum(metrics, "%s\\{[^}]*flow_schema=\"%s\"[^}]*}".formatted(metric, kind.flowSchema()));
      sums.put(kind, sum);
    }
    return sums;
  }

  private static long sum(String metrics, String series) {
    return Pattern.compile("^" + series + " (\\S+)$", Pattern.MULTILINE)
        .matcher(metrics)
        .results()
        .mapToLong(each -> (long) Double.parseDouble(each.group(1)))
        .sum();
  }
}
