package io.fashionmnist.training.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.fashionmnist.training.operator.backend.vertex.VertexErrors;
import io.fashionmnist.training.operator.backend.vertex.VertexSignal;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryAdviceTest {
  private final RegistryAdvice advice = new RegistryAdvice("the registrar", Optional.empty());
  private final RegistryPlan plan =
      RegistryPlan.of(SucceededJobs.job("registry: {modelId: m}"), SucceededJobs.settings());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          PERMISSION_DENIED | Permission 'aiplatform.models.upload' denied on resource '//aiplatform.googleapis.com/projects/p' (or it may not exist). | grant the registrar roles/aiplatform.user on project shop (missing: aiplatform.models.upload)
          PERMISSION_DENIED | Vertex AI API has not been used in project 1 before or it is disabled. Enable it by visiting x | gcloud services enable aiplatform.googleapis.com
          PERMISSION_DENIED | This API method requires billing to be enabled. | link the project to a billing account
          PERMISSION_DENIED | service-1@gcp-sa-aiplatform does not have storage.objects.list access to the bucket | grant the Vertex AI service agent of project shop roles/storage.objectViewer
          FAILED_PRECONDITION | The Cloud Storage bucket of `gs://bucket/m` is in location `us-west1`. It must be in the same regional location as the service location `us-central1`. | set spec.registry.location
          INVALID_ARGUMENT | Model directory gs://bucket/m is expected to contain exactly one of: [saved_model.pb] | holds a SavedModel
          INVALID_ARGUMENT | Unable to find the image us-docker.pkg.dev/p/i:1 | check spec.registry.servingImage
          INVALID_ARGUMENT | List of found errors: 1.Field: model.display_name | change spec.registry
          UNAVAILABLE | The service is currently unavailable. |
          INTERNAL | Internal error encountered. |
          RESOURCE_EXHAUSTED | Quota exceeded for quota metric 'Job or LRO submission requests' and limit 'Job or LRO submission requests per minute per region' |
          ALREADY_EXISTS | Model with name "m" already exists |
          """)
  void saysWhatToDoOrThatItMayPass(Code code, String message, String expected) {
    var failure = new VertexErrors().classify(VertexSignal.ofCall(code, message, Optional.empty()));
    var refused = advice.about(failure, plan);
    if (expected == null) {
      assertThat(refused).isEmpty();
    } else {
      assertThat(refused.orElseThrow().message())
          .contains(message)
          .contains(expected)
          .doesNotContain("spec.placements");
    }
  }
}
