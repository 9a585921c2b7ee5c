/** What predictions are worth: confusion matrix and the metrics that follow from it. Pure. */
package io.fashionmnist.training.trainer.evaluation;
