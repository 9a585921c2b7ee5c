package io.fashionmnist.training.emulator.executor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.aiplatform.v1.EnvVar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** The variables that a container of the service finds, as Vertex AI documents them. */
final class ContainerEnvironment {
  private ContainerEnvironment() {}

  /** The service's variables, the job's own over them, and last what every job here gets. */
  static SequencedMap<String, String> of(Workload workload, Map<String, String> further) {
    SequencedMap<String, String> all = new LinkedHashMap<>();
    String base =
        workload
            .job()
            .getJobSpec()
            .getBaseOutputDirectory()
            .getOutputUriPrefix()
            .replaceFirst("/+$", "");
    if (!base.isEmpty()) {
      all.put("AIP_MODEL_DIR", base + "/model/");
      all.put("AIP_CHECKPOINT_DIR", base + "/checkpoints/");
      all.put("AIP_TENSORBOARD_LOG_DIR", base + "/logs/");
    }
    all.put("CLOUD_ML_PROJECT_ID", workload.projectNumber());
    all.put("CLOUD_ML_JOB_ID", workload.jobId());
    all.put("CLUSTER_SPEC", clusterSpec(workload));
    for (EnvVar variable : workload.chief().getContainerSpec().getEnvList()) {
      all.put(variable.getName(), variable.getValue());
    }
    all.putAll(further);
    return all;
  }

  private static String clusterSpec(Workload workload) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.putObject("cluster")
        .putArray("workerpool0")
        .add("cmle-training-workerpool0-" + workload.jobId().substring(0, 10) + "-0:2222");
    spec.put("environment", "cloud");
    spec.putObject("task").put("type", "workerpool0").put("index", 0);
    // The service has a text here that holds JSON.
    spec.put("job", "{\"job_id\":\"" + workload.jobId() + "\"}");
    return spec.toString();
  }
}
