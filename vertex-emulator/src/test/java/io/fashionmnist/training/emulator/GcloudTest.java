package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.executor.Script;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gcloud command line over REST. */
class GcloudTest {
  @Test
  void createsListsDescribesAndCancels(@TempDir Path folder) throws Exception {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "gcloud"))),
        "skipped: gcloud is not on the PATH");
    Path token = Files.writeString(folder.resolve("token"), "none");
    Duration second = Duration.ofSeconds(1);
    try (VertexEmulator emulator =
        VertexEmulator.start(
            EmulatorSettings.defaults()
                .withScripts(Script.of(second, second, Duration.ofMinutes(5), second, 0))
                .withQuotas(
                    OverQuota.REJECT, new QuotaLimit("*", "custom_model_training_cpus", 8)))) {
      Program gcloud =
          new Program(
              Map.of(
                  "CLOUDSDK_CONFIG",
                  folder.resolve("config").toString(),
                  "CLOUDSDK_CORE_PROJECT",
                  "my-project",
                  "CLOUDSDK_CORE_DISABLE_PROMPTS",
                  "1",
                  "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE",
                  token.toString(),
                  "CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM",
                  "http://127.0.0.1:" + emulator.port() + "/"));
      String[] create = {
        "create",
        "--display-name=one",
        "--worker-pool-spec=machine-type=n1-standard-8,replica-count=1,container-image-uri=gcr.io/p/i"
      };
      gcloud.run(0, customJobs(create));
      assertThat(gcloud.run(1, customJobs(create)))
          .contains(
              "RESOURCE_EXHAUSTED: The following quota metrics exceed quota limits:"
                  + " aiplatform.googleapis.com/custom_model_training_cpus");
      String name = emulator.jobs().jobs().getFirst().resource().getName();
      assertThat(
              gcloud.run(0, customJobs("list", "--format=value(name)", "--filter=displayName=one")))
          .contains(name);
      assertThat(gcloud.run(0, customJobs("describe", name)))
          .contains("machineType: n1-standard-8");
      gcloud.run(0, customJobs("cancel", name));
      assertThat(emulator.jobs().jobs().getFirst().resource().getState().name())
          .isIn("JOB_STATE_CANCELLING", "JOB_STATE_CANCELLED");
    }
  }

  private static List<String> customJobs(String... arguments) {
    List<String> command = new ArrayList<>(List.of("gcloud", "ai", "custom-jobs"));
    command.addAll(List.of(arguments));
    command.add("--region=us-central1");
    return command;
  }
}
