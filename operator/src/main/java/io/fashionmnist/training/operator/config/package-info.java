/**
 * The operator's own settings: one YAML file, read once at start. A job's settings do not enter.
 */
package io.fashionmnist.training.operator.config;
