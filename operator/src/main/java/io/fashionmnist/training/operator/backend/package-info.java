/**
 * What an attempt runs on. A backend starts, observes and ends attempts; it never decides and never
 * touches the resource.
 */
package io.fashionmnist.training.operator.backend;
