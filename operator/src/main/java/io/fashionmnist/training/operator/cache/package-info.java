/**
 * What is kept of the objects that are watched: enough to decide by, and no more. Whoever needs the
 * rest asks the API server.
 */
package io.fashionmnist.training.operator.cache;
