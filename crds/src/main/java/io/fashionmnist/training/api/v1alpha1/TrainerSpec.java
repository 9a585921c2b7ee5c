package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** The program that trains: the operator's own, or another image that brings its own. */
@ValidationRule(
    value = "has(self.image) || !(has(self.command) || has(self.args))",
    message =
        "trainer.command and trainer.args need a trainer.image: what the operator's own trainer is"
            + " started with is made from spec.training")
@ValidationRule(
    value = "!has(self.workers) || self.workers == 1",
    message = "trainer.workers must be 1: training with several workers is not supported yet")
public record TrainerSpec(
    @JsonPropertyDescription(
            "Container image. An image of your own gets AIP_MODEL_DIR, AIP_CHECKPOINT_DIR and"
                + " AIP_TENSORBOARD_LOG_DIR on either backend. Default: the operator's trainer.")
        @Size(min = 1, max = 512)
        String image,
    @JsonPropertyDescription("Entry point of your own image. Default: the image's.") @Size(max = 64)
        List<@Size(max = 4_096) String> command,
    @JsonPropertyDescription("Arguments of your own image. Default: none.") @Size(max = 256)
        List<@Size(max = 4_096) String> args,
    @JsonPropertyDescription("When the cluster pulls the image. Default: as in Kubernetes.")
        ImagePullPolicy imagePullPolicy,
    @JsonPropertyDescription("Secrets of the job's namespace to pull the image with.")
        @Size(max = 16)
        List<ImagePullSecret> imagePullSecrets,
    @JsonPropertyDescription("Further environment variables.") @Size(max = 64)
        List<EnvironmentVariable> env,
    @JsonPropertyDescription("How many workers train together; 1 for now. Default: 1.") @Min(1)
        Integer workers) {

  public TrainerSpec {
    command = command == null ? List.of() : List.copyOf(command);
    args = args == null ? List.of() : List.copyOf(args);
    imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
    env = env == null ? List.of() : List.copyOf(env);
    workers = workers == null ? 1 : workers;
  }

  public static TrainerSpec defaults() {
    return new TrainerSpec(null, null, null, null, null, null, null);
  }

  /** When an image is pulled. */
  public enum ImagePullPolicy {
    @JsonProperty("Always")
    ALWAYS("Always"),
    @JsonProperty("IfNotPresent")
    IF_NOT_PRESENT("IfNotPresent"),
    @JsonProperty("Never")
    NEVER("Never");

    private final String text;

    ImagePullPolicy(String text) {
      this.text = text;
    }

    /** As Kubernetes spells it. */
    public String text() {
      return text;
    }
  }

  /** A Secret with a registry's credentials. */
  public record ImagePullSecret(
      @JsonPropertyDescription("The Secret's name.")
          @Required
          @Size(min = 1, max = 253)
          @Pattern(Forms.NAME)
          String name) {}

  /** An environment variable of the trainer. */
  @ValidationRule(
      value = "!(has(self.value) && has(self.valueFrom))",
      message = "set value or valueFrom, not both")
  public record EnvironmentVariable(
      @JsonPropertyDescription("The variable's name: letters, digits, dots, hyphens, underscores.")
          @Required
          @Size(min = 1, max = 253)
          @Pattern("^[._a-zA-Z-][._a-zA-Z0-9-]*$")
          String name,
      @JsonPropertyDescription("Its value. Default: empty.") @Size(max = 32_768) String value,
      @JsonPropertyDescription("Where its value comes from, in the cluster.")
          ValueSource valueFrom) {}

  /** Where a variable's value comes from. */
  @ValidationRule(
      value = "has(self.secretKeyRef) != has(self.configMapKeyRef)",
      message = "set exactly one of secretKeyRef and configMapKeyRef")
  public record ValueSource(
      @JsonPropertyDescription("A key of a Secret.") KeyReference secretKeyRef,
      @JsonPropertyDescription("A key of a ConfigMap.") KeyReference configMapKeyRef) {}

  /** A key of a Secret or a ConfigMap in the job's namespace. */
  public record KeyReference(
      @JsonPropertyDescription("The object's name.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("The key in it.") @Required @Size(min = 1, max = 253) String key,
      @JsonPropertyDescription("Whether the pod starts without it. Default: false.")
          Boolean optional) {}
}
