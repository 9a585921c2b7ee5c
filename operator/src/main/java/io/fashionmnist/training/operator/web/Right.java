package io.fashionmnist.training.operator.web;

import java.util.Optional;

/**
 * Something that the cluster's rules allow or not, about FashionTrainingJobs.
 *
 * @param subresource empty: of the resource itself. {@code plan} and {@code quota} are known to no
 *     API server: whoever is given them may ask here, and do nothing else
 * @param namespace empty: in all
 */
record Right(String verb, Optional<String> subresource, Optional<String> namespace) {
  static Right to(String verb, Optional<String> namespace) {
    return new Right(verb, Optional.empty(), namespace);
  }

  static Right to(String verb, String subresource, Optional<String> namespace) {
    return new Right(verb, Optional.of(subresource), namespace);
  }

  @Override
  public String toString() {
    return "%s fashiontrainingjobs%s %s"
        .formatted(
            verb,
            subresource.map(each -> "/" + each).orElse(""),
            namespace.map(each -> "in namespace " + each).orElse("in all namespaces"));
  }
}
