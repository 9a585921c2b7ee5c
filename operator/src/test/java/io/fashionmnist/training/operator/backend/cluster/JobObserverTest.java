package io.fashionmnist.training.operator.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.cache.Trims;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobObserverTest {
  private static final Job JOB = job("");
  private static final Job FAILED =
      job("conditions: [{type: Failed, status: 'True', reason: PodFailurePolicy}]");

  private final Cached observer = new Cached();

  /** Sees the same in what the cache keeps as in the whole objects. */
  private static final class Cached {
    private final JobObserver observer = new JobObserver();

    AttemptObservation observe(Optional<Job> job, List<Pod> pods, Optional<String> refused) {
      AttemptObservation seen = observer.observe(job, pods, refused);
      assertThat(
              observer.observe(
                  job.map(Serialization::clone).map(Trims::job),
                  pods.stream().map(Serialization::clone).map(Trims::pod).toList(),
                  refused))
          .isEqualTo(seen);
      return seen;
    }
  }

  @Test
  void withoutAJobAndPodsThereIsNothing() {
    assertThat(observer.observe(Optional.empty(), List.of(), Optional.empty()))
        .isInstanceOf(AttemptObservation.Missing.class);
  }

  @Test
  void podsThatOutliveTheirJobAreLeaving() {
    assertThat(observer.observe(Optional.empty(), List.of(pod("phase: Running")), Optional.empty()))
        .isInstanceOf(AttemptObservation.Leaving.class);
  }

  @Test
  void theSchedulersWordsAreTold() {
    Pod pod =
        pod(
            "phase: Pending, conditions: [{type: PodScheduled, status: 'False', message: 0/1 nodes"
                + " are available}]");
    assertThat(observe(pod))
        .isEqualTo(
            new AttemptObservation.Waiting(
                Cause.CAPACITY,
                "Unschedulable",
                "0/1 nodes are available",
                observe(pod).replicas()));
  }

  @Test
  void failingToPullAndBackingOffAreTheSame() {
    Pod failing =
        pod(
            "phase: Pending, containerStatuses: [{name: trainer, image: x:1, state: {waiting:"
                + " {reason: ErrImagePull, message: not found}}}]");
    Pod backingOff =
        pod(
            "phase: Pending, containerStatuses: [{name: trainer, image: x:1, state: {waiting:"
                + " {reason: ImagePullBackOff, message: 'Back-off pulling image \"x:1\":"
                + " ErrImagePull: not found'}}}]");
    assertThat(observe(failing)).isEqualTo(observe(backingOff));
    assertThat(((AttemptObservation.Waiting) observe(failing)).message())
        .isEqualTo("the image x:1 cannot be pulled: not found");
  }

  @Test
  void aTrainerThatIsDoneCountsAsRunningUntilItsJobIsComplete() {
    assertThat(observe(pod("phase: Succeeded, " + terminated("exitCode: 0"))))
        .isInstanceOf(AttemptObservation.Running.class);
    assertThat(observe(pod("phase: Running, " + terminated("exitCode: 0"))))
        .isInstanceOf(AttemptObservation.Running.class);
    assertThat(observe(pod("phase: Failed, " + terminated("exitCode: 2"))))
        .isInstanceOf(AttemptObservation.Running.class);
    assertThat(observe(pod("phase: Failed, " + terminated("exitCode: 1"))))
        .isInstanceOf(AttemptObservation.Restarting.class);
  }

  @Test
  void theStepsOfAnEndAreNoNews() {
    AttemptObservation running =
        observe(pod("phase: Running, containerStatuses: [{name: trainer, state: {running: {}}}]"));
    assertThat(observe(pod("phase: Running, " + terminated("exitCode: 0")))).isEqualTo(running);
    assertThat(observe(pod("phase: Succeeded, " + terminated("exitCode: 0")))).isEqualTo(running);
  }

  @Test
  void theTrainersOwnWordsAreTold() {
    Pod pod =
        pod(
            "phase: Failed, "
                + terminated(
                    "exitCode: 2, message: '{\"exitCode\":2,\"error\":\"no images in x\"}'"));
    var seen =
        (AttemptObservation.Failed)
            observer.observe(Optional.of(FAILED), List.of(pod), Optional.empty());
    assertThat(seen.reason()).isEqualTo("BadInput");
    assertThat(seen.message()).endsWith("no images in x");
  }

  @Test
  void interruptionsAreNotCounted() {
    Pod interrupted = pod("phase: Failed, " + terminated("exitCode: 143"));
    Pod evicted =
        pod(
            "phase: Failed, conditions: [{type: DisruptionTarget, status: 'True', reason:"
                + " EvictionByEvictionAPI}]");
    Pod crashed = pod("phase: Failed, " + terminated("exitCode: 1"));
    Pod outOfMemory = pod("phase: Failed, " + terminated("exitCode: 137, reason: OOMKilled"));
    var seen =
        observer.observe(
            Optional.of(JOB),
            List.of(interrupted, evicted, crashed, outOfMemory),
            Optional.empty());
    assertThat(seen.failures()).isEqualTo(new Failures(2, 2));
  }

  /** Its container runs on for all that is known; nothing replaces it until it has ended. */
  @Test
  void aPodOnALostNodeIsToldOf() {
    Pod pod =
        pod(
            "phase: Running, conditions: [{type: DisruptionTarget, status: 'True', reason:"
                + " DeletionByTaintManager, message: deleting due to NoExecute taint}],"
                + " containerStatuses: [{name: trainer, state: {running: {}}}]");
    assertThat(observe(pod)).isInstanceOf(AttemptObservation.Running.class);

    pod.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

    assertThat(observe(pod))
        .isEqualTo(
            new AttemptObservation.Restarting(
                "NodeLost",
                "DeletionByTaintManager: deleting due to NoExecute taint",
                Failures.NONE,
                observe(pod).replicas()));
  }

  /** Ten of them without a newer checkpoint are chance: one that has come further starts anew. */
  @Test
  void interruptionsAreCountedSinceTheLastProgress() {
    Pod first = interruptedAt(1, 4);
    Pod second = interruptedAt(2, 4);
    Pod further = interruptedAt(3, 5);
    Pod evicted =
        pod(
            "phase: Failed, conditions: [{type: DisruptionTarget, status: 'True', reason:"
                + " EvictionByEvictionAPI}]");
    evicted.getMetadata().setCreationTimestamp("2026-01-01T00:00:04Z");

    assertThat(failures(first, second)).isEqualTo(new Failures(0, 2));
    assertThat(failures(first, second, further)).isEqualTo(new Failures(0, 1));
    assertThat(failures(further, evicted, second, first)).isEqualTo(new Failures(0, 2));
  }

  private Failures failures(Pod... pods) {
    return observer.observe(Optional.of(JOB), List.of(pods), Optional.empty()).failures();
  }

  private static Pod interruptedAt(int second, int epoch) {
    Pod pod =
        pod(
            "phase: Failed, "
                + terminated(
                    "exitCode: 143, message: '{\"report\":{\"epoch\":%d}}'".formatted(epoch)));
    pod.getMetadata().setCreationTimestamp("2026-01-01T00:00:0%dZ".formatted(second));
    return pod;
  }

  @Test
  void aReportWithoutAnErrorIsNoErrorsText() {
    assertThat(
            failed("exitCode: 1, message: '{\"exitCode\":1,\"report\":{\"epoch\":1}}'").message())
        .isEqualTo("the trainer ended with exit code 1");
    assertThat(failed("exitCode: 1, message: '{\"mine\": 1}'").message())
        .as("another's own words")
        .endsWith("{\"mine\": 1}");
  }

  private AttemptObservation.Failed failed(String state) {
    return (AttemptObservation.Failed)
        observer.observe(
            Optional.of(FAILED),
            List.of(pod("phase: Failed, " + terminated(state))),
            Optional.empty());
  }

  @Test
  void theNamespacesQuotaIsCapacity() {
    var seen =
        observer.observe(
            Optional.of(JOB), List.of(), Optional.of("pods \"x\" is forbidden: exceeded quota: q"));
    assertThat(((AttemptObservation.Waiting) seen).cause()).isEqualTo(Cause.CAPACITY);
    assertThat(((AttemptObservation.Waiting) seen).reason()).isEqualTo("NamespaceQuota");
  }

  @Test
  void aPodThatDoesNotStartSaysWhatTheKubeletSaid() {
    var seen =
        (AttemptObservation.Waiting)
            observer.observe(
                Optional.of(JOB),
                List.of(
                    pod(
                        "phase: Pending, containerStatuses: [{name: trainer, state: {waiting:"
                            + " {reason: ContainerCreating}}}]")),
                Optional.of("MountVolume.SetUp failed for volume x"));
    assertThat(seen.cause()).isEqualTo(Cause.CONFIGURATION);
    assertThat(seen.message()).isEqualTo("MountVolume.SetUp failed for volume x");
  }

  private AttemptObservation observe(Pod pod) {
    return observer.observe(Optional.of(JOB), List.of(pod), Optional.empty());
  }

  private static String terminated(String state) {
    return "containerStatuses: [{name: trainer, state: {terminated: {%s}}}]".formatted(state);
  }

  private static Pod pod(String status) {
    return Serialization.unmarshal(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nstatus: {%s}\n".formatted(status),
        Pod.class);
  }

  private static Job job(String status) {
    return Serialization.unmarshal(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {}\nstatus: {%s}\n"
            .formatted(status),
        Job.class);
  }
}
