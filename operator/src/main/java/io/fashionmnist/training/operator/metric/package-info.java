/**
 * What is counted, for Prometheus; docs/metrics.md lists it. Nothing decides by it. No label has as
 * many values as there are jobs.
 */
package io.fashionmnist.training.operator.metric;
