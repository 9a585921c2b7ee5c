/**
 * Takes the trainers' posts while they run: who may post, and how often. What a report means for
 * the job does not enter: the reconciler decides.
 */
package io.fashionmnist.training.operator.progress;
