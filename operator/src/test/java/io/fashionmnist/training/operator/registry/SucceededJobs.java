package io.fashionmnist.training.operator.registry;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.SettingsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Jobs whose models are to be registered. */
final class SucceededJobs {
  private SucceededJobs() {}

  /** A job that has succeeded, and is given more fields. */
  static FashionTrainingJob job(String spec, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: shoes, namespace: team, uid: 0f8fad5b-d9cb-469f-a165-70867728950e, generation: 3}
        spec:
          output: {uri: gs://bucket/runs}
          %s
        status:
          phase: Succeeded
          attemptCount: 2
          attempts:
            - {number: 1, placement: west, backend: Vertex, state: OutOfCapacity, reason: QuotaExceeded}
            - {number: 2, placement: here, backend: Cluster, state: Succeeded, reason: Trained, outputUri: gs://bucket/runs/shoes-0f8fad5b/attempt-2}
          model: {uri: gs://bucket/runs/shoes-0f8fad5b/attempt-2/model}
          %s
        """
            .formatted(spec.indent(2).strip(), status.indent(2).strip()),
        FashionTrainingJob.class);
  }

  /** With a report of two classes, 0.75 of the images right. */
  static FashionTrainingJob job(String spec) {
    return job(
        spec,
        """
        training:
          attempt: 2
          test:
            images: 8
            loss: 0.5
            accuracy: 0.75
            macro: {precision: 0.766667, recall: 0.75, f1Score: 0.745098}
            weighted: {precision: 0.775, recall: 0.75, f1Score: 0.75}
          perClass:
            - {label: 0, name: Shirt, precision: 0.6, recall: 1.0, f1Score: 0.75, support: 3}
            - {label: 1, name: Coat, precision: 1.0, recall: 0.6, f1Score: 0.75, support: 5}
          confusionMatrix: [[3, 0], [2, 3]]
        """);
  }

  /** Settings that let the team use one project in one region. */
  static OperatorSettings settings(String more) {
    try {
      Path file = Files.createTempFile("settings", ".yaml");
      Files.writeString(
          file,
          """
          tenants: [{namespaces: [team], projects: [shop], regions: [us-central1], images: ["registry.example.com/*"]}]
          """
              + more);
      return SettingsFile.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OperatorSettings settings() {
    return settings("vertex: {project: shop, region: us-central1}");
  }
}
