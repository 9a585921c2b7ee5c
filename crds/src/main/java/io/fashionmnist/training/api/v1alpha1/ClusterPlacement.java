package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
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
        String serviceAccountName,
    @JsonPropertyDescription("RuntimeClass of the pod. Default: the cluster's.")
        @Size(min = 1, max = 253)
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
  public record Toleration(
      @JsonPropertyDescription("The taint's key. Default: all keys, with operator Exists.")
          @Size(max = 316)
          String key,
      @JsonPropertyDescription("Exists or Equal. Default: Equal.") @Size(max = 16) String operator,
      @JsonPropertyDescription("The taint's value, with operator Equal.") @Size(max = 63)
          String value,
      @JsonPropertyDescription("NoSchedule, PreferNoSchedule or NoExecute. Default: all of them.")
          @Size(max = 32)
          String effect,
      @JsonPropertyDescription(
              "Seconds that a NoExecute taint is tolerated. Default: without limit.")
          Long tolerationSeconds) {}
}
