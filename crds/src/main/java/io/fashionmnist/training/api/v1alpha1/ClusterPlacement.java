package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/** A pod in the cluster that the operator runs in. */
public record ClusterPlacement(
    @JsonPropertyDescription("What the trainer's container may use. Default: the operator's.")
        Resources resources,
    @JsonPropertyDescription("Labels that the pod's node must have.")
        Map<String, String> nodeSelector,
    @JsonPropertyDescription("Taints of nodes that the pod tolerates.") @Size(max = 32)
        List<Toleration> tolerations,
    @JsonPropertyDescription(
            "Service account of the pod; its token is not mounted. Default: the namespace's.")
        @Size(min = 1, max = 253)
        @Pattern(Forms.NAME)
        String serviceAccountName,
    @JsonPropertyDescription("RuntimeClass of the pod. Default: the cluster's.")
        @Size(min = 1, max = 253)
        @Pattern(Forms.NAME)
        String runtimeClassName,
    @JsonPropertyDescription("Further labels of the pod.") Map<String, String> podLabels,
    @JsonPropertyDescription("Further annotations of the pod.")
        Map<String, String> podAnnotations) {

  public ClusterPlacement {
    resources = resources == null ? new Resources(null, null) : resources;
    nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
    tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    podLabels = podLabels == null ? Map.of() : Map.copyOf(podLabels);
    podAnnotations = podAnnotations == null ? Map.of() : Map.copyOf(podAnnotations);
  }

  public static ClusterPlacement defaults() {
    return new ClusterPlacement(null, null, null, null, null, null, null);
  }

  /** Compute resources of a container, as in Kubernetes. */
  public record Resources(
      @JsonPropertyDescription("What is set aside for the container, by resource name.")
          Map<String, Quantity> requests,
      @JsonPropertyDescription("What the container gets at most, by resource name.")
          Map<String, Quantity> limits) {
    public Resources {
      requests = requests == null ? Map.of() : Map.copyOf(requests);
      limits = limits == null ? Map.of() : Map.copyOf(limits);
    }

    /** Whether nothing is said. */
    @JsonIgnore
    public boolean isEmpty() {
      return requests.isEmpty() && limits.isEmpty();
    }
  }

  /** A taint that is tolerated, as in Kubernetes. */
  @ValidationRule(
      value =
          "(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')",
      message = "a toleration without a key is one of all taints: set operator to Exists")
  @ValidationRule(
      value =
          "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
      message = "a toleration with operator Exists has no value: leave it out, or set Equal")
  @ValidationRule(
      value = "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
      message = "tolerationSeconds needs effect NoExecute")
  public record Toleration(
      @JsonPropertyDescription("The taint's key. Default: all keys, with operator Exists.")
          @Size(max = 316)
          String key,
      @JsonPropertyDescription("Exists or Equal. Default: Equal.") Operator operator,
      @JsonPropertyDescription("The taint's value, with operator Equal.") @Size(max = 63)
          String value,
      @JsonPropertyDescription("NoSchedule, PreferNoSchedule or NoExecute. Default: all of them.")
          Effect effect,
      @JsonPropertyDescription(
              "Seconds that a NoExecute taint is tolerated. Default: without limit.")
          Long tolerationSeconds) {

    /** How a taint is compared. */
    public enum Operator {
      @JsonProperty("Exists")
      EXISTS("Exists"),
      @JsonProperty("Equal")
      EQUAL("Equal");

      private final String text;

      Operator(String text) {
        this.text = text;
      }

      /** As Kubernetes spells it. */
      public String text() {
        return text;
      }
    }

    /** What a taint does. */
    public enum Effect {
      @JsonProperty("NoSchedule")
      NO_SCHEDULE("NoSchedule"),
      @JsonProperty("PreferNoSchedule")
      PREFER_NO_SCHEDULE("PreferNoSchedule"),
      @JsonProperty("NoExecute")
      NO_EXECUTE("NoExecute");

      private final String text;

      Effect(String text) {
        this.text = text;
      }

      /** As Kubernetes spells it. */
      public String text() {
        return text;
      }
    }
  }
}
