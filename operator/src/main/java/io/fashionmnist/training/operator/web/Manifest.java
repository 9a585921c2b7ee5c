package io.fashionmnist.training.operator.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads a job that is not in the cluster, JSON or YAML. Its fields' ranges are the API server's
 * affair, which tells them all to a dry run; here is what a plan can't do without.
 */
final class Manifest {
  // A newer client may say more.
  private final YAMLMapper yaml =
      YAMLMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** What can't be planned. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String message, Object... values) {
      super(message.formatted(values));
    }
  }

  /**
   * The job of a request's body, in the namespace that is asked about.
   *
   * @throws UnusableException when it is no job, or another namespace's
   */
  FashionTrainingJob read(byte[] body, String namespace) throws UnusableException {
    FashionTrainingJob job;
    try {
      JsonNode document = yaml.readTree(body);
      // The class has this kind whatever is read.
      if (document == null
          || !document.path("kind").asText().equals("FashionTrainingJob")
          || !document.path("spec").isObject()) {
        throw new UnusableException("the body must be one FashionTrainingJob with a spec");
      }
      job = yaml.treeToValue(document, FashionTrainingJob.class);
    } catch (JsonProcessingException e) {
      throw new UnusableException(
          "the body is no FashionTrainingJob: %s",
          e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException | NullPointerException e) {
      throw new UnusableException("the body is no FashionTrainingJob");
    }
    if (job.getMetadata() == null) {
      job.setMetadata(new ObjectMetaBuilder().build());
    }
    String own = job.getMetadata().getNamespace();
    if (own != null && !own.equals(namespace)) {
      throw new UnusableException("the job is of namespace %s, the question of %s", own, namespace);
    }
    job.getMetadata().setNamespace(namespace);
    Optional<String> complaint =
        job.getSpec().placements().stream()
            .map(Placement::complaint)
            .flatMap(Optional::stream)
            .findFirst();
    if (complaint.isPresent()) {
      throw new UnusableException("spec.placements: %s", complaint.get());
    }
    return job;
  }
}
