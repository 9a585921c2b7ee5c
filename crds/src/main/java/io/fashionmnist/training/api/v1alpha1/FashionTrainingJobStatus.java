package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fashionmnist.training.api.training.TrainingReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the operator found out and did; {@code training} is the trainer's own report. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record FashionTrainingJobStatus(
    @JsonPropertyDescription("The generation of the specification that this status answers.")
        Long observedGeneration,
    @JsonPropertyDescription("Where the job stands, in one word.") Phase phase,
    @JsonPropertyDescription("Backend of the active or last attempt.") Backend backend,
    @JsonPropertyDescription("Placement of the active or last attempt.") String placement,
    @JsonPropertyDescription("When the first attempt was started, RFC 3339.") String startTime,
    @JsonPropertyDescription("When the job succeeded or failed, RFC 3339.") String completionTime,
    @JsonPropertyDescription("The job's conditions; the names are Kubeflow's.")
        List<Condition> conditions,
    @JsonPropertyDescription("Pods of the active or last attempt by role.")
        Map<String, ReplicaStatus> replicaStatuses,
    @JsonPropertyDescription("The last 20 attempts, the oldest first.") List<Attempt> attempts,
    @JsonPropertyDescription("How many attempts were made.") Integer attemptCount,
    @JsonPropertyDescription("Number of the attempt that is live; absent when none is.")
        Integer activeAttempt,
    @JsonPropertyDescription("Failures counted against runPolicy.backoffLimit.")
        Integer failureCount,
    @JsonPropertyDescription("How many times the placements have been gone through.") Integer round,
    @JsonPropertyDescription("When the next attempt is made, RFC 3339.") String nextRetryTime,
    @JsonPropertyDescription("Seconds spent in suspension, which the deadline excludes.")
        Long suspendedSeconds,
    @JsonPropertyDescription("The placements the job goes through, and why some are left out.")
        List<ResolvedPlacement> resolvedPlacements,
    @JsonPropertyDescription("Progress and metrics, as the trainer reports them.")
        TrainingReport training,
    @JsonPropertyDescription("The trained model.") ModelStatus model) {

  /** How many attempts are told in full. */
  public static final int ATTEMPTS_KEPT = 20;

  public FashionTrainingJobStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
    replicaStatuses = replicaStatuses == null ? Map.of() : Map.copyOf(replicaStatuses);
    attempts = attempts == null ? List.of() : List.copyOf(attempts);
    attemptCount = attemptCount == null ? 0 : attemptCount;
    failureCount = failureCount == null ? 0 : failureCount;
    round = round == null ? 1 : round;
    suspendedSeconds = suspendedSeconds == null ? 0 : suspendedSeconds;
    resolvedPlacements = resolvedPlacements == null ? List.of() : List.copyOf(resolvedPlacements);
  }

  /** The status of a job that nothing was done for yet. */
  public static FashionTrainingJobStatus none() {
    return new FashionTrainingJobStatus(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null);
  }

  /** The same with another report; null leaves it out. */
  public FashionTrainingJobStatus withTraining(TrainingReport other) {
    return new FashionTrainingJobStatus(
        observedGeneration,
        phase,
        backend,
        placement,
        startTime,
        completionTime,
        conditions,
        replicaStatuses,
        attempts,
        attemptCount,
        activeAttempt,
        failureCount,
        round,
        nextRetryTime,
        suspendedSeconds,
        resolvedPlacements,
        other,
        model);
  }

  /** The condition of a type, if it was told. */
  public Optional<Condition> condition(String type) {
    return conditions.stream().filter(each -> each.type().equals(type)).findFirst();
  }

  /** The same with another condition in the place of the one of its type, and another model. */
  public FashionTrainingJobStatus with(Condition condition, ModelStatus other) {
    List<Condition> others =
        Stream.concat(
                conditions.stream().filter(each -> !each.type().equals(condition.type())),
                Stream.of(condition))
            .toList();
    return new FashionTrainingJobStatus(
        observedGeneration,
        phase,
        backend,
        placement,
        startTime,
        completionTime,
        others,
        replicaStatuses,
        attempts,
        attemptCount,
        activeAttempt,
        failureCount,
        round,
        nextRetryTime,
        suspendedSeconds,
        resolvedPlacements,
        training,
        other);
  }

  /** The same status with its attempts changed. */
  public FashionTrainingJobStatus withAttempts(List<Attempt> other) {
    return new FashionTrainingJobStatus(
        observedGeneration,
        phase,
        backend,
        placement,
        startTime,
        completionTime,
        conditions,
        replicaStatuses,
        other,
        attemptCount,
        activeAttempt,
        failureCount,
        round,
        nextRetryTime,
        suspendedSeconds,
        resolvedPlacements,
        training,
        model);
  }

  /** Pods of one role by state. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ReplicaStatus(
      @JsonPropertyDescription("Pods that wait or run.") Integer active,
      @JsonPropertyDescription("Pods that succeeded.") Integer succeeded,
      @JsonPropertyDescription("Pods that failed.") Integer failed) {
    /** No pods in any state. */
    public static final ReplicaStatus NONE = new ReplicaStatus(0, 0, 0);
  }

  /** A placement of the job's list and whether it takes part. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ResolvedPlacement(
      @JsonPropertyDescription("The placement's name.") String name,
      @JsonPropertyDescription("Its backend.") Backend backend,
      @JsonPropertyDescription("Eligible, or Skipped for the reason given.") Eligibility state,
      @JsonPropertyDescription("Why it is skipped, in one word.") String reason,
      @JsonPropertyDescription("Why it is skipped, and what would change that.") String message) {}

  /** Whether a placement takes part. */
  public enum Eligibility {
    @JsonProperty("Eligible")
    ELIGIBLE,
    @JsonProperty("Skipped")
    SKIPPED
  }

  /** Where the model is. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ModelStatus(
      @JsonPropertyDescription("Folder of the SavedModel.") String uri,
      @JsonPropertyDescription("Resource name in the Model Registry.") String registryName,
      @JsonPropertyDescription("Version in the Model Registry.") String version,
      @JsonPropertyDescription("When the upload was decided on, RFC 3339.") String uploadTime,
      @JsonPropertyDescription(
              "Resource name of the upload's long-running operation, until its end is known.")
          String uploadOperation) {
    /** A model that nothing was uploaded of yet. */
    public static ModelStatus in(String folder) {
      return new ModelStatus(folder, null, null, null, null);
    }

    /** The same, an upload decided on. */
    public ModelStatus uploadedAt(String time) {
      return new ModelStatus(uri, registryName, version, time, null);
    }

    /** The same, no upload under way. */
    public ModelStatus notUploaded() {
      return new ModelStatus(uri, registryName, version, null, null);
    }

    /** The same, its upload taken by the service. */
    public ModelStatus uploadedBy(String operation) {
      return new ModelStatus(uri, registryName, version, uploadTime, operation);
    }

    /** The same, in the registry. */
    public ModelStatus registeredAs(String name, String number) {
      return new ModelStatus(uri, name, number, uploadTime, null);
    }
  }
}
