package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.executor.Script;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gcloud command line over REST. */
class GcloudTest {
  @TempDir private Path folder;

  @BeforeEach
  void needsGcloud() {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "gcloud"))),
        "skipped: gcloud is not on the PATH");
  }

  @Test
  void createsListsDescribesAndCancels() throws Exception {
    Duration second = Duration.ofSeconds(1);
    try (VertexEmulator emulator =
        VertexEmulator.start(
            EmulatorSettings.defaults()
                .withScripts(Script.of(second, second, Duration.ofMinutes(5), second, 0))
                .withQuotas(
                    OverQuota.REJECT, new QuotaLimit("*", "custom_model_training_cpus", 8)))) {
      Program gcloud = gcloud(emulator);
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

  @Test
  void uploadsListsDescribesAndDeletesModels() throws Exception {
    try (VertexEmulator emulator = VertexEmulator.start(EmulatorSettings.defaults())) {
      Program gcloud = gcloud(emulator);
      String[] upload = {
        "upload",
        "--display-name=Fashion",
        "--artifact-uri=gs://bucket/model",
        "--container-image-uri=us-docker.pkg.dev/vertex-ai/prediction/tf2-cpu.2-15:latest"
      };
      gcloud.run(0, models(upload, "--model-id=fashion", "--labels=team=vision"));
      gcloud.run(
          0, models(upload, "--parent-model=" + parent("fashion"), "--version-aliases=champion"));
      assertThat(gcloud.run(1, models(upload, "--model-id=fashion")))
          .contains("ALREADY_EXISTS")
          .contains("already exists");
      assertThat(gcloud.run(1, models(upload, "--parent-model=" + parent("missing"))))
          .contains("NOT_FOUND");

      assertThat(
              gcloud.run(
                  0, models("list", "--format=csv[no-heading](name.basename(),displayName)")))
          .contains("fashion,Fashion");
      assertThat(
              gcloud.run(
                  0,
                  models(
                      "list-version",
                      "fashion",
                      "--format=csv[no-heading](versionId,versionAliases.list())")))
          .contains("1,default")
          .contains("2,champion");
      assertThat(gcloud.run(0, models("describe", "fashion")))
          .contains("artifactUri: gs://bucket/model")
          .contains("team: vision")
          .contains("versionId: '1'");
      assertThat(gcloud.run(0, models("describe", "fashion@champion"))).contains("versionId: '2'");
      assertThat(gcloud.run(1, models("delete-version", "fashion@1")))
          .contains("FAILED_PRECONDITION");
      gcloud.run(0, models("delete-version", "fashion@2"));
      gcloud.run(0, models("delete", "fashion"));
      assertThat(emulator.models().snapshot().models()).isEmpty();
    }
  }

  private Program gcloud(VertexEmulator emulator) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "none");
    return new Program(
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
  }

  private static String parent(String model) {
    return "projects/my-project/locations/us-central1/models/" + model;
  }

  private static List<String> models(String[] command, String... more) {
    return command("models", Stream.concat(Arrays.stream(command), Arrays.stream(more)));
  }

  private static List<String> models(String... arguments) {
    return command("models", Arrays.stream(arguments));
  }

  private static List<String> customJobs(String... arguments) {
    return command("custom-jobs", Arrays.stream(arguments));
  }

  private static List<String> command(String group, Stream<String> arguments) {
    return Stream.of(Stream.of("gcloud", "ai", group), arguments, Stream.of("--region=us-central1"))
        .flatMap(each -> each)
        .toList();
  }
}
