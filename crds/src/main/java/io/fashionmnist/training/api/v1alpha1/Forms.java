package io.fashionmnist.training.api.v1alpha1;

/** Forms of texts that Kubernetes asks for. */
final class Forms {
  /** A name of most resources: a DNS subdomain. */
  static final String NAME = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$";

  /** A label's value, which may be empty. */
  static final String LABEL_VALUE = "^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$";

  /** A label's value has so many characters at most; Google Cloud's labels are alike. */
  static final long LONGEST_LABEL_VALUE = 63;

  private Forms() {}
}
