package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** How the job as a whole runs, on whatever backend; the names are Kubeflow's. */
public record RunPolicy(
    @JsonPropertyDescription(
            "True ends the active attempt after it has saved a checkpoint and starts no other; false"
                + " continues from that checkpoint. Default: false.")
        Boolean suspend,
    @JsonPropertyDescription(
            "Seconds that the job may take from its start, over all attempts, time in suspension"
                + " not counted. Default: no limit.")
        @Min(1)
        @Max(31_536_000)
        Long activeDeadlineSeconds,
    @JsonPropertyDescription(
            "Failures of the trainer that are tried again, over all attempts. Interruptions"
                + " (eviction, a lost node, a checkpoint saved at SIGTERM) are not counted, bad"
                + " configuration or data is not tried again. Default: 3.")
        @Min(0)
        @Max(100)
        Integer backoffLimit,
    @JsonPropertyDescription(
            "Seconds after the job's end at which what it left in the cluster (Job, pods) is"
                + " deleted; never this resource itself. Default: kept.")
        @Min(0)
        @Max(31_536_000)
        Integer ttlSecondsAfterFinished,
    @JsonPropertyDescription(
            "Which pods are deleted at the job's end: None, Running (those still running), or All."
                + " Default: None.")
        CleanPodPolicy cleanPodPolicy,
    @JsonPropertyDescription(
            "Name of the controller that runs this job, for dispatchers such as Kueue's MultiKueue;"
                + " any but this operator's makes it leave the job alone. Immutable. Default:"
                + " training.fashion-mnist.io/operator.")
        @Size(min = 1, max = 63)
        String managedBy,
    @JsonPropertyDescription("How attempts in the cluster are queued and scheduled.")
        SchedulingPolicy schedulingPolicy) {

  /** The value of {@code managedBy} that means this operator. */
  public static final String OPERATOR = FashionTrainingJob.GROUP + "/operator";

  public RunPolicy {
    suspend = suspend != null && suspend;
    backoffLimit = backoffLimit == null ? 3 : backoffLimit;
    cleanPodPolicy = cleanPodPolicy == null ? CleanPodPolicy.NONE : cleanPodPolicy;
    managedBy = managedBy == null ? OPERATOR : managedBy;
    schedulingPolicy =
        schedulingPolicy == null ? new SchedulingPolicy(null, null) : schedulingPolicy;
  }

  public static RunPolicy defaults() {
    return new RunPolicy(null, null, null, null, null, null, null);
  }

  /** Queue and priority in the cluster. */
  public record SchedulingPolicy(
      @JsonPropertyDescription(
              "Kueue LocalQueue that admits the pods; the operator then leaves suspension, node"
                  + " selection and tolerations of the Job to Kueue. Default: none.")
          @Size(min = 1, max = 63)
          @Pattern(Forms.NAME)
          String queue,
      @JsonPropertyDescription("PriorityClass of the pods. Default: the cluster's.")
          @Size(min = 1, max = 253)
          @Pattern(Forms.NAME)
          String priorityClass) {}
}
