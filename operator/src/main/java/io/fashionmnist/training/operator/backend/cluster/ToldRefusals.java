package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Why a Job has no pod, or a pod does not start, as Events tell it: nobody here watches them, and a
 * namespace may have many, so that they are asked for once a minute at most for each.
 */
final class ToldRefusals {
  static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final int MOST_REMEMBERED = 10_000;

  /** The Job controller's, and the kubelet's where the pod's own status is silent. */
  private static final Set<String> REASONS =
      Set.of("FailedCreate", "FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox");

  private final KubernetesClient client;
  private final Map<String, Told> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Told> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Told(Optional<String> words, Instant at) {}

  ToldRefusals(KubernetesClient client) {
    this.client = client;
  }

  /** What was told last about a Job or a pod. */
  Optional<String> about(HasMetadata involved, Instant now) {
    String uid = involved.getMetadata().getUid();
    Optional<Told> known = known(uid).filter(each -> each.at().plus(REMEMBERED).isAfter(now));
    if (known.isPresent()) {
      return known.get().words();
    }
    Told fresh = new Told(ask(involved.getMetadata().getNamespace(), uid), now);
    synchronized (told) {
      told.put(uid, fresh);
    }
    return fresh.words();
  }

  private Optional<Told> known(String uid) {
    synchronized (told) {
      return Optional.ofNullable(told.get(uid));
    }
  }

  private Optional<String> ask(String namespace, String uid) {
    return client
        .v1()
        .events()
        .inNamespace(namespace)
        .withField("involvedObject.uid", uid)
        .list()
        .getItems()
        .stream()
        .filter(event -> REASONS.contains(event.getReason()))
        .max(Comparator.comparing(event -> String.valueOf(event.getLastTimestamp())))
        .map(Event::getMessage);
  }
}
