package io.fashionmnist.training.operator.backend.vertex;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.status.StatusWriter;
import org.jboss.logging.Logger;

/** Writes a report into the status of the job whose live attempt it is about; others are late. */
final class ReportWriter {
  private static final Logger LOG = Logger.getLogger(ReportWriter.class);
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int TRIES = 3;

  private final KubernetesClient client;
  private final StatusWriter writer;

  ReportWriter(KubernetesClient client) {
    this.client = client;
    writer = new StatusWriter(client);
  }

  void write(JobOwner owner, TrainingReport report) {
    owner.logged(() -> tryToWrite(owner, report));
  }

  private void tryToWrite(JobOwner owner, TrainingReport report) {
    try {
      for (int tries = 1; tries <= TRIES && !written(owner, report); tries++) {}
    } catch (KubernetesClientException e) {
      LOG.warnf(
          "A report of %s/%s could not be written: %s",
          owner.namespace(), owner.name(), e.getMessage());
    }
  }

  /** False when someone else wrote in between. */
  private boolean written(JobOwner owner, TrainingReport report) {
    FashionTrainingJob job =
        client
            .resources(FashionTrainingJob.class)
            .inNamespace(owner.namespace())
            .withName(owner.name())
            .get();
    boolean live =
        job != null
            && job.getMetadata().getUid().equals(owner.uid())
            && Integer.valueOf(owner.attempt()).equals(job.currentStatus().activeAttempt())
            && Integer.valueOf(owner.attempt()).equals(report.attempt());
    if (!live || report.equals(job.currentStatus().training())) {
      return true;
    }
    try {
      writer.writeTraining(job, report);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT || e.getCode() == NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
