package io.fashionmnist.training.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.vertex.CustomJobs;
import io.fashionmnist.training.operator.backend.vertex.JobOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the service gets: golden files. */
class RegistryRequestsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/registry");
  private static final String ORIGIN = "fashion-training-1a2b3c4d";

  private final FashionTrainingJob everything =
      SucceededJobs.job(
          "registry: {modelId: shoes_cnn, displayName: The shoes, aliases: [champion], servingImage: registry.example.com/serve:1}");
  private final JobOwner owner = CustomJobs.owner(everything, 2);

  @Test
  void theFirstVersionOfAModel() throws IOException {
    var plan =
        RegistryPlan.of(
            SucceededJobs.job("registry: {modelId: shoes_cnn}", ""), SucceededJobs.settings());
    matches("minimal", ModelUpload.request(ORIGIN, owner, plan, false));
    assertThat(plan.report()).isEmpty();
  }

  @Test
  void anotherVersionOfAModel() throws IOException {
    var plan = RegistryPlan.of(everything, SucceededJobs.settings());
    matches("everything", ModelUpload.request(ORIGIN, owner, plan, true));
  }

  @Test
  void anEvaluation() throws IOException {
    var plan = RegistryPlan.of(everything, SucceededJobs.settings());
    matches("evaluation", EvaluationReport.of(owner, plan.report().orElseThrow()).orElseThrow());
  }

  @Test
  void anEvaluationOfManyClassesHasNoMatrixAndOnlyTheWorst() throws IOException {
    var job =
        SucceededJobs.job(
            "registry: {modelId: m}",
            """
            training:
              attempt: 2
              test: {images: 5000, accuracy: 0.5}
              perClass: [{label: 41, support: 10}]
            """);
    var plan = RegistryPlan.of(job, SucceededJobs.settings());
    matches("many-classes", EvaluationReport.of(owner, plan.report().orElseThrow()).orElseThrow());
  }

  private static void matches(String name, Message message) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path file = GOLDEN.resolve(name + ".json");
    String actual = JsonFormat.printer().print(message);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, actual + "\n");
    }
    assertThat(json.readTree(actual)).isEqualTo(json.readTree(Files.readString(file)));
  }
}
