package io.fashionmnist.training.operator.web;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.https.BearerToken;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a question has to pass that the operator answers from what it alone knows: the cluster knows
 * whose token it is, that one may know the answer, and this replica leads.
 */
public final class Gate {
  private final Callers callers;
  private final Permissions permissions;
  private final Lead lead;

  public Gate(KubernetesClient client, InstantSource clock, Lead lead) {
    callers = new Callers(client, clock);
    permissions = new Permissions(client);
    this.lead = lead;
  }

  /**
   * The first thing in the way of an answer.
   *
   * @param oneOf rights of which one is enough
   */
  Optional<Reply.Refused> obstacle(BearerToken token, List<Right> oneOf) {
    Optional<Caller> caller = callers.caller(token);
    if (caller.isEmpty()) {
      return Optional.of(Reply.Refused.because(401, "the cluster does not know this token"));
    }
    if (oneOf.stream().noneMatch(right -> permissions.has(caller.get(), right))) {
      return Optional.of(
          Reply.Refused.because(
              403,
              "%s may not %s",
              caller.get().name(),
              oneOf.stream().map(Right::toString).collect(Collectors.joining(", nor "))));
    }
    return switch (lead.holder()) {
      case Lead.Holder.Mine _ -> Optional.empty();
      case Lead.Holder.Other(String pod) ->
          Optional.of(
              new Reply.Refused(
                  503, "this replica does not lead: ask pod %s".formatted(pod), Optional.of(pod)));
      case Lead.Holder.Nobody _ ->
          Optional.of(
              Reply.Refused.because(
                  503, "no replica leads for the moment; ask again in a few seconds"));
    };
  }
}
