package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fashionmnist.training.api.training.TrainingArguments;
import io.fashionmnist.training.api.training.TrainingSchema;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.TrainerSpec;
import io.fashionmnist.training.operator.backend.ReportArguments;
import io.fashionmnist.training.operator.backend.TrackingArguments;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Job that an attempt is in the cluster: a pure function of the resource, the attempt and the
 * settings, down to the order of its labels. A Job's template can't be changed, so it is made once
 * and never compared.
 */
public final class TrainerJob {
  /** The trainer's container. */
  public static final String CONTAINER = "trainer";

  /** Who the token that trainers report with is for. */
  public static final String AUDIENCE = "fashion-training-operator";

  private static final String QUEUE = "kueue.x-k8s.io/queue-name";
  static final String PROGRESS_CA = FashionTrainingJob.GROUP + "/progress-ca";
  private static final String TERMINATION_LOG = "/dev/termination-log";
  private static final long TRAINER_USER = 65_532;
  private static final long SECONDS_TO_SAVE = 60;

  private final OperatorSettings settings;
  private final TrainerEnvironment environment;
  private final TrainingArguments arguments = new TrainingArguments(new TrainingSchema());

  public TrainerJob(OperatorSettings settings) {
    this.settings = settings;
    environment = new TrainerEnvironment(settings);
  }

  /**
   * The desired Job.
   *
   * @param attempt the attempt that it is
   * @param placement where the pod may run
   * @param backoffLimit how many failures are left to the job
   * @param resumeFrom folders of earlier attempts' results, the newest first
   * @param progressCa certificates to trust the operator by; without them the trainer does not
   *     report while it runs
   */
  public Job desired(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      ClusterPlacement placement,
      int backoffLimit,
      List<String> resumeFrom,
      Optional<String> progressCa) {
    var metadata = job.getMetadata();
    Map<String, String> labels = Labels.of(settings.installation(), metadata, attempt.number());
    Map<String, String> podLabels = new TreeMap<>(placement.podLabels());
    podLabels.putAll(labels);
    Map<String, String> jobLabels = new TreeMap<>(labels);
    Optional.ofNullable(job.getSpec().runPolicy().schedulingPolicy().queue())
        .ifPresent(queue -> jobLabels.put(QUEUE, queue));
    Map<String, String> annotations = new TreeMap<>(placement.podAnnotations());
    progressCa.ifPresent(certificates -> annotations.put(PROGRESS_CA, certificates));
    return new JobBuilder()
        .withNewMetadata()
        .withName(attempt.externalName())
        .withNamespace(metadata.getNamespace())
        .withLabels(jobLabels)
        .addNewOwnerReference()
        .withApiVersion(job.getApiVersion())
        .withKind(job.getKind())
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(backoffLimit)
        .withCompletions(1)
        .withParallelism(1)
        .withNewPodFailurePolicy()
        // In this order: a disrupted pod may also have an exit code.
        .addNewRule()
        .withAction("Ignore")
        .addNewOnPodCondition("True", "DisruptionTarget")
        .endRule()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(CONTAINER)
        .withOperator("In")
        .withValues(ExitCodes.BAD_INPUT)
        .endOnExitCodes()
        .endRule()
        .addNewRule()
        .withAction("Ignore")
        .withNewOnExitCodes()
        .withContainerName(CONTAINER)
        .withOperator("In")
        .withValues(ExitCodes.INTERRUPTED)
        .endOnExitCodes()
        .endRule()
        .endPodFailurePolicy()
        .withPodReplacementPolicy("Failed")
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(podLabels)
        .withAnnotations(annotations)
        .endMetadata()
        .withSpec(pod(job, plan, attempt, placement, resumeFrom, progressCa.isPresent()))
        .endTemplate()
        .endSpec()
        .build();
  }

  private PodSpec pod(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      ClusterPlacement placement,
      List<String> resumeFrom,
      boolean reports) {
    TrainerSpec trainer = job.getSpec().trainer();
    TrainerVolumes mounted = TrainerVolumes.of(attempt.outputUri(), data(job), reports);
    var pod =
        new PodSpecBuilder()
            .withRestartPolicy("Never")
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(SECONDS_TO_SAVE)
            .withServiceAccountName(placement.serviceAccountName())
            .withRuntimeClassName(placement.runtimeClassName())
            .withPriorityClassName(job.getSpec().runPolicy().schedulingPolicy().priorityClass())
            .withNodeSelector(new TreeMap<>(placement.nodeSelector()))
            .withImagePullSecrets(
                trainer.imagePullSecrets().stream()
                    .map(secret -> new LocalObjectReference(secret.name()))
                    .toList())
            .withTolerations(
                placement.tolerations().stream()
                    .map(
                        each ->
                            new TolerationBuilder()
                                .withKey(each.key())
                                .withOperator(
                                    each.operator() == null ? null : each.operator().text())
                                .withValue(each.value())
                                .withEffect(each.effect() == null ? null : each.effect().text())
                                .withTolerationSeconds(each.tolerationSeconds())
                                .build())
                    .toList())
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser(plan.ownTrainer() ? TRAINER_USER : null)
            .withFsGroup(TRAINER_USER)
            .withFsGroupChangePolicy("OnRootMismatch")
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .withVolumes(mounted.volumes())
            .withContainers(
                container(job, plan, attempt, placement, resumeFrom, reports, mounted.mounts()));
    return pod.build();
  }

  private Container container(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      ClusterPlacement placement,
      List<String> resumeFrom,
      boolean reports,
      List<VolumeMount> mounts) {
    TrainerSpec trainer = job.getSpec().trainer();
    var defaults = settings.trainer().resources();
    // The defaults as a whole or not at all: mixed, a request could exceed its limit.
    var own = placement.resources();
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(plan.image())
        .withImagePullPolicy(
            trainer.imagePullPolicy() == null
                ? settings.trainer().pullPolicy().filter(_ -> plan.ownTrainer()).orElse(null)
                : trainer.imagePullPolicy().text())
        .withCommand(trainer.command())
        .withArgs(
            plan.ownTrainer() ? arguments(job, plan, attempt, resumeFrom, reports) : trainer.args())
        .withEnv(environment.of(job, plan, attempt, resumeFrom, reports))
        .withNewResources()
        .withRequests(new TreeMap<>(own.isEmpty() ? defaults.requests() : own.requests()))
        .withLimits(new TreeMap<>(own.isEmpty() ? defaults.limits() : own.limits()))
        .endResources()
        .withTerminationMessagePath(TERMINATION_LOG)
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(plan.ownTrainer() ? true : null)
        .withNewCapabilities()
        .addToDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withVolumeMounts(mounts)
        .build();
  }

  private List<String> arguments(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      List<String> resumeFrom,
      boolean reports) {
    List<String> all = new ArrayList<>();
    all.add("train");
    all.add("--output=" + TrainerPaths.output(attempt.outputUri()));
    data(job).ifPresent(uri -> all.add("--data=" + TrainerPaths.data(uri)));
    resumeFrom.forEach(uri -> all.add("--resume-from=" + TrainerPaths.output(uri)));
    all.add("--attempt=" + attempt.number());
    all.addAll(ReportArguments.of(job, attempt));
    all.addAll(TrackingArguments.of(job, plan, attempt));
    all.add("--log-format=Json");
    all.add("--termination-log=" + TERMINATION_LOG);
    if (reports) {
      all.add("--progress-url=" + progressUrl(settings, job));
      all.add("--progress-token-file=" + TrainerPaths.PROGRESS + "/token");
      all.add("--progress-ca-file=" + TrainerPaths.PROGRESS + "/ca.crt");
    }
    all.addAll(arguments.of(job.getSpec().training()));
    return all;
  }

  static String progressUrl(OperatorSettings settings, FashionTrainingJob job) {
    return "%s/v1/namespaces/%s/jobs/%s/progress"
        .formatted(
            settings.progress().url(),
            job.getMetadata().getNamespace(),
            job.getMetadata().getName());
  }

  static Optional<String> data(FashionTrainingJob job) {
    return Optional.ofNullable(job.getSpec().data()).map(data -> data.uri());
  }
}
