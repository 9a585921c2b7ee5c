package io.fashionmnist.training.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/** Everything that an Argo CD application has been, from its creation on: nothing is missed. */
final class ApplicationLog implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final List<State> states = new CopyOnWriteArrayList<>();
  private final String name;
  private final Watch watch;

  ApplicationLog(KubernetesClient client, ResourceDefinitionContext kind, String name) {
    this.name = name;
    watch =
        client
            .genericKubernetesResources(kind)
            .inNamespace(ArgoCd.NAMESPACE)
            .withName(name)
            .watch(
                new Watcher<GenericKubernetesResource>() {
                  @Override
                  public void eventReceived(Action action, GenericKubernetesResource application) {
                    add(State.of(application));
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    // An assertion on what is missing then fails.
                    add(new State("Unwatched", cause.getMessage(), "", ""));
                  }
                });
  }

  /**
   * What an application says of itself.
   *
   * @param operation when the last sync was started, and how it went
   */
  record State(String sync, String health, String operation, String outcome) {
    static State of(GenericKubernetesResource application) {
      return new State(
          text(application, "status", "sync", "status"),
          text(application, "status", "health", "status"),
          text(application, "status", "operationState", "startedAt"),
          text(application, "status", "operationState", "phase")
              + " "
              + text(application, "status", "operationState", "message"));
    }

    private static String text(GenericKubernetesResource application, Object... path) {
      return Objects.toString(application.get(path), "");
    }

    boolean is(String wantedSync, String wantedHealth) {
      return sync.equals(wantedSync) && health.equals(wantedHealth);
    }
  }

  private void add(State state) {
    if (states.isEmpty() || !states.getLast().equals(state)) {
      states.add(state);
    }
  }

  State now() {
    return states.isEmpty() ? new State("", "", "", "") : states.getLast();
  }

  /** Waits until it is so, and done with its operation. */
  ApplicationLog until(String sync, String health) {
    return until(state -> state.is(sync, health) && state.outcome().startsWith("Succeeded"));
  }

  ApplicationLog until(Predicate<State> wanted) {
    try {
      await().atMost(PATIENCE).until(() -> wanted.test(now()));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("Application " + name + " was " + states, e);
    }
    return this;
  }

  /** A point in time; what comes after it can be looked at. */
  int mark() {
    return states.size() - 1;
  }

  /** The healths since a mark, each change once. */
  List<String> healthsSince(int mark) {
    List<String> healths = states.subList(mark, states.size()).stream().map(State::health).toList();
    return IntStream.range(0, healths.size())
        .filter(i -> i == 0 || !healths.get(i).equals(healths.get(i - 1)))
        .mapToObj(healths::get)
        .toList();
  }

  /** Since the mark nothing differed from Git, and nothing was synchronized. */
  void assertQuietSince(int mark) {
    State before = states.get(mark);
    assertThat(states.subList(mark, states.size()))
        .allSatisfy(
            state -> {
              assertThat(state.sync()).isEqualTo("Synced");
              assertThat(state.operation()).isEqualTo(before.operation());
            });
  }

  @Override
  public void close() {
    watch.close();
  }
}
