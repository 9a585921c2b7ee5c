package io.fashionmnist.training.operator.web;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;

/**
 * Asks the API server what a caller may do with its own means; nobody learns more here.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/">SubjectAccessReview</a>
 */
final class Permissions {
  private final KubernetesClient client;

  Permissions(KubernetesClient client) {
    this.client = client;
  }

  boolean has(Caller caller, Right right) {
    var review =
        client
            .resource(
                new SubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withUser(caller.name())
                    .withUid(caller.uid())
                    .withGroups(caller.groups())
                    .withExtra(caller.extra())
                    .withNewResourceAttributes()
                    .withGroup(FashionTrainingJob.GROUP)
                    .withVersion("v1alpha1")
                    .withResource("fashiontrainingjobs")
                    .withSubresource(right.subresource().orElse(""))
                    .withNamespace(right.namespace().orElse(""))
                    .withVerb(right.verb())
                    .endResourceAttributes()
                    .endSpec()
                    .build())
            .create();
    return review.getStatus() != null && Boolean.TRUE.equals(review.getStatus().getAllowed());
  }
}
