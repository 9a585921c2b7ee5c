package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conditions that go with a phase: of Running, Restarting, Suspended, Succeeded and Failed at
 * most the one that the phase names is true. The time of the last transition stays when the status
 * of a condition does.
 */
final class Conditions {
  private static final String QUOTA = "QuotaAvailable";
  private static final Map<Phase, String> TRUE_IN =
      Map.of(
          Phase.RUNNING, Condition.RUNNING,
          Phase.RESTARTING, Condition.RESTARTING,
          Phase.SUSPENDED, Condition.SUSPENDED,
          Phase.SUCCEEDED, Condition.SUCCEEDED,
          Phase.FAILED, Condition.FAILED);

  private static final List<String> TYPES =
      List.of(
          Condition.RUNNING,
          Condition.RESTARTING,
          Condition.SUSPENDED,
          Condition.SUCCEEDED,
          Condition.FAILED);

  private final Map<String, Condition> before = new LinkedHashMap<>();
  private final Long generation;
  private final String now;

  Conditions(List<Condition> before, Long generation, String now) {
    before.forEach(condition -> this.before.put(condition.type(), condition));
    this.generation = generation;
    this.now = now;
  }

  List<Condition> of(Phase phase, String reason, String message, List<Attempt> attempts) {
    List<Condition> all = new ArrayList<>();
    all.add(condition(Condition.CREATED, true, "Accepted", "the operator has accepted the job"));
    for (String type : TYPES) {
      boolean holds = type.equals(TRUE_IN.get(phase));
      // Running also tells why it does not; the others are told once they have held.
      if (holds || before.containsKey(type) || type.equals(Condition.RUNNING)) {
        all.add(condition(type, holds, reason, message));
      }
    }
    quota(attempts).ifPresent(all::add);
    before.values().stream()
        .filter(other -> all.stream().noneMatch(each -> each.type().equals(other.type())))
        .forEach(all::add);
    return List.copyOf(all);
  }

  /** What the newest attempts on Vertex AI found out about quota; it holds until another does. */
  private Optional<Condition> quota(List<Attempt> attempts) {
    for (Attempt attempt : attempts.reversed()) {
      if (!attempt.quotaMetrics().isEmpty()) {
        return Optional.of(
            condition(
                QUOTA,
                false,
                "QuotaExceeded",
                "%s in %s: %s"
                    .formatted(
                        String.join(", ", attempt.quotaMetrics()),
                        attempt.location(),
                        attempt.message())));
      }
      boolean ran =
          attempt.state() == AttemptState.RUNNING || attempt.state() == AttemptState.SUCCEEDED;
      if (attempt.backend() == Backend.VERTEX && ran) {
        return Optional.of(
            condition(
                QUOTA,
                true,
                "Admitted",
                "%s has taken attempt %d".formatted(attempt.location(), attempt.number())));
      }
    }
    return Optional.empty();
  }

  private Condition condition(String type, boolean holds, String reason, String message) {
    Condition old = before.get(type);
    String status = holds ? "True" : "False";
    boolean same = old != null && old.status().equals(status);
    return new Condition(
        type, status, generation, same ? old.lastTransitionTime() : now, reason, message);
  }
}
