package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.AcceleratorType;
import com.google.cloud.aiplatform.v1.ContainerSpec;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.CustomJobSpec;
import com.google.cloud.aiplatform.v1.DiskSpec;
import com.google.cloud.aiplatform.v1.EnvVar;
import com.google.cloud.aiplatform.v1.GcsDestination;
import com.google.cloud.aiplatform.v1.MachineSpec;
import com.google.cloud.aiplatform.v1.Scheduling;
import com.google.cloud.aiplatform.v1.WorkerPoolSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.training.TrainingArguments;
import io.fashionmnist.training.api.training.TrainingSchema;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.TrainerSpec;
import io.fashionmnist.training.api.v1alpha1.TrainerSpec.EnvironmentVariable;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.ReportArguments;
import io.fashionmnist.training.operator.backend.ResumeVariables;
import io.fashionmnist.training.operator.backend.TrackingArguments;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The custom job that an attempt is on Vertex AI: a pure function of the resource, the attempt and
 * the placement. It is made once; nothing of it can be changed later.
 *
 * @see <a
 *     href="https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.customJobs">CustomJob</a>
 */
public final class CustomJobs {
  private static final String DISK_TYPE = "pd-ssd";
  private static final int DEFAULT_DISK_GB = 100;
  private static final int LONGEST_DISPLAY_NAME = 128;

  private final String installation;
  private final TrainingArguments arguments = new TrainingArguments(new TrainingSchema());

  public CustomJobs(String installation) {
    this.installation = installation;
  }

  /**
   * The desired custom job.
   *
   * @param attempt the attempt that it is; its output is a folder in Cloud Storage
   * @param placement with the operator's defaults filled in
   * @param resumeFrom folders of earlier attempts' results, the newest first
   * @param timeLeft after which the service ends it; without, after its own seven days
   * @throws IllegalArgumentException for an accelerator type that Vertex AI has never heard of
   */
  public CustomJob desired(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      VertexPlacement placement,
      List<String> resumeFrom,
      Optional<Duration> timeLeft) {
    JobOwner owner = owner(job, attempt.number());
    SortedMap<String, String> labels = new TreeMap<>(placement.labels());
    // A label of ours that a user sets would make the job someone else's.
    labels.keySet().removeIf(JobLabels::ours);
    labels.putAll(JobLabels.of(installation, owner));
    var spec =
        CustomJobSpec.newBuilder()
            .addAllWorkerPoolSpecs(pools(job, plan, attempt, placement, resumeFrom))
            .setScheduling(scheduling(placement, timeLeft))
            .setBaseOutputDirectory(
                GcsDestination.newBuilder().setOutputUriPrefix(attempt.outputUri()));
    Optional.ofNullable(placement.serviceAccount()).ifPresent(spec::setServiceAccount);
    Optional.ofNullable(placement.network()).ifPresent(spec::setNetwork);
    return CustomJob.newBuilder()
        .setDisplayName(displayName(owner))
        .putAllLabels(labels)
        .setJobSpec(spec)
        .build();
  }

  /** Whose an attempt's job is. */
  public static JobOwner owner(FashionTrainingJob job, int attempt) {
    var metadata = job.getMetadata();
    return new JobOwner(metadata.getNamespace(), metadata.getName(), metadata.getUid(), attempt);
  }

  private static String displayName(JobOwner owner) {
    String end = " attempt " + owner.attempt();
    String start = owner.namespace() + "/" + owner.name();
    int room = LONGEST_DISPLAY_NAME - end.length();
    return (start.length() > room ? start.substring(0, room) : start) + end;
  }

  /** One pool of one machine; several workers would be a second pool of the others. */
  private List<WorkerPoolSpec> pools(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      VertexPlacement placement,
      List<String> resumeFrom) {
    return List.of(pool(placement, 1, container(job, plan, attempt, resumeFrom)));
  }

  private static WorkerPoolSpec pool(
      VertexPlacement placement, int replicas, ContainerSpec container) {
    var machine = MachineSpec.newBuilder().setMachineType(placement.machineType());
    Optional.ofNullable(placement.acceleratorType())
        .ifPresent(
            type ->
                machine
                    .setAcceleratorType(AcceleratorType.valueOf(type))
                    .setAcceleratorCount(
                        Optional.ofNullable(placement.acceleratorCount()).orElse(1)));
    return WorkerPoolSpec.newBuilder()
        .setMachineSpec(machine)
        .setReplicaCount(replicas)
        .setDiskSpec(
            DiskSpec.newBuilder()
                .setBootDiskType(DISK_TYPE)
                .setBootDiskSizeGb(
                    Optional.ofNullable(placement.bootDiskSizeGb()).orElse(DEFAULT_DISK_GB)))
        .setContainerSpec(container)
        .build();
  }

  private static Scheduling scheduling(VertexPlacement placement, Optional<Duration> timeLeft) {
    var scheduling =
        Scheduling.newBuilder()
            .setStrategy(
                switch (placement.strategy()) {
                  case STANDARD -> Scheduling.Strategy.STANDARD;
                  case SPOT -> Scheduling.Strategy.SPOT;
                })
            // Each retry is an attempt of its own: counted, seen, and moved if need be.
            .setDisableRetries(true);
    timeLeft.ifPresent(
        left ->
            scheduling.setTimeout(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(Math.max(1, left.toSeconds()))));
    return scheduling.build();
  }

  private ContainerSpec container(
      FashionTrainingJob job, PlacementPlan plan, Attempt attempt, List<String> resumeFrom) {
    TrainerSpec trainer = job.getSpec().trainer();
    var container = ContainerSpec.newBuilder().setImageUri(plan.vertexImage());
    if (plan.ownTrainer()) {
      container.addAllArgs(arguments(job, plan, attempt, resumeFrom));
    } else {
      container.addAllCommand(trainer.command()).addAllArgs(trainer.args());
      // Its places it gets from the service, as AIP_MODEL_DIR and so on.
      data(job).ifPresent(uri -> container.addEnv(variable("FASHION_DATA", uri)));
      ResumeVariables.of(resumeFrom)
          .forEach((name, value) -> container.addEnv(variable(name, value)));
      container.addEnv(variable("SPEC_TRAINING", Serialization.asJson(job.getSpec().training())));
      container.addEnv(variable("FASHION_ATTEMPT", attempt.number().toString()));
    }
    trainer.env().stream().map(CustomJobs::variable).forEach(container::addEnv);
    return container.build();
  }

  private List<String> arguments(
      FashionTrainingJob job, PlacementPlan plan, Attempt attempt, List<String> resumeFrom) {
    List<String> all = new ArrayList<>();
    all.add("train");
    all.add("--output=" + attempt.outputUri());
    data(job).ifPresent(uri -> all.add("--data=" + uri));
    resumeFrom.forEach(uri -> all.add("--resume-from=" + uri));
    all.add("--attempt=" + attempt.number());
    all.addAll(ReportArguments.of(job, attempt));
    all.addAll(TrackingArguments.of(job, plan, attempt));
    all.add("--log-format=Json");
    all.addAll(arguments.of(job.getSpec().training()));
    return all;
  }

  private static Optional<String> data(FashionTrainingJob job) {
    return Optional.ofNullable(job.getSpec().data()).map(data -> data.uri());
  }

  private static EnvVar variable(EnvironmentVariable own) {
    // What valueFrom refers to is in the cluster, and the API refuses it beside Vertex placements.
    return variable(own.name(), Optional.ofNullable(own.value()).orElse(""));
  }

  private static EnvVar variable(String name, String value) {
    return EnvVar.newBuilder().setName(name).setValue(value).build();
  }
}
