/** What is counted about jobs, for Prometheus. Nothing decides by it. */
package io.fashionmnist.training.operator.metric;
