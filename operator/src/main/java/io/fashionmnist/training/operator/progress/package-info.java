/**
 * Takes the trainers' posts while they run: who may post, how often, and the certificate that this
 * is served with. What a report means for the job does not enter: the reconciler decides.
 */
package io.fashionmnist.training.operator.progress;
