/** Writes to a job's status. What is written is decided elsewhere. */
package io.fashionmnist.training.operator.status;
