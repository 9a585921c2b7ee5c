/**
 * What users see, on a real cluster: the chart that ships, pods, training on real images. {@code
 * hack/e2e.sh} brings the cluster and the chart. Nothing of the operator's code enters.
 */
package io.fashionmnist.training.e2e;
