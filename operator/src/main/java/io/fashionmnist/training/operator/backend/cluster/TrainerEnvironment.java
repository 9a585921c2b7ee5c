package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.TrainerSpec.EnvironmentVariable;
import io.fashionmnist.training.operator.backend.ResumeVariables;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.util.ArrayList;
import java.util.List;

/** The environment variables of a trainer's container. Pure. */
record TrainerEnvironment(OperatorSettings settings) {

  /** A trainer of the user's own finds its places where it would on Vertex AI. */
  List<EnvVar> of(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      List<String> resumeFrom,
      boolean reports) {
    List<EnvVar> all = new ArrayList<>();
    if (!plan.ownTrainer()) {
      String output = TrainerPaths.output(attempt.outputUri());
      all.add(variable("AIP_MODEL_DIR", output + "/model/"));
      all.add(variable("AIP_CHECKPOINT_DIR", output + "/checkpoints/"));
      all.add(variable("AIP_TENSORBOARD_LOG_DIR", output + "/logs/"));
      TrainerJob.data(job)
          .ifPresent(uri -> all.add(variable("FASHION_DATA", TrainerPaths.data(uri))));
      ResumeVariables.of(resumeFrom.stream().map(TrainerPaths::output).toList())
          .forEach((name, value) -> all.add(variable(name, value)));
      all.add(variable("SPEC_TRAINING", Serialization.asJson(job.getSpec().training())));
      all.add(variable("FASHION_ATTEMPT", attempt.number().toString()));
      if (reports) {
        all.add(variable("FASHION_PROGRESS_URL", TrainerJob.progressUrl(settings, job)));
        all.add(variable("FASHION_PROGRESS_TOKEN_FILE", TrainerPaths.PROGRESS + "/token"));
        all.add(variable("FASHION_PROGRESS_CA_FILE", TrainerPaths.PROGRESS + "/ca.crt"));
      }
    }
    settings
        .vertex()
        .storageEmulator()
        .ifPresent(url -> all.add(variable("STORAGE_EMULATOR_HOST", url)));
    settings
        .vertex()
        .plaintextEndpoint()
        .filter(_ -> plan.ownTrainer() && plan.tracking().isPresent())
        .ifPresent(address -> all.add(variable("VERTEX_EMULATOR_HOST", address)));
    job.getSpec().trainer().env().stream().map(TrainerEnvironment::variable).forEach(all::add);
    return all;
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static EnvVar variable(EnvironmentVariable own) {
    var variable = new EnvVarBuilder().withName(own.name());
    if (own.valueFrom() == null) {
      return variable.withValue(own.value() == null ? "" : own.value()).build();
    }
    var source = variable.withNewValueFrom();
    var secret = own.valueFrom().secretKeyRef();
    var map = own.valueFrom().configMapKeyRef();
    if (secret != null) {
      source.withNewSecretKeyRef(secret.key(), secret.name(), secret.optional());
    } else {
      source.withNewConfigMapKeyRef(map.key(), map.name(), map.optional());
    }
    return source.endValueFrom().build();
  }
}
