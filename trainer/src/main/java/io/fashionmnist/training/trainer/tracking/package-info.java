/**
 * A training run as a run of Vertex AI Experiments: its parameters, its curves, its results. One
 * listener among the others, which works on a thread of its own: Google's clients are loaded there,
 * after the first step, and a service that is slow or refuses costs a warning and nothing else.
 *
 * <p>The listener and what it remembers are plain Java; only what runs on the thread knows Google's
 * classes.
 */
package io.fashionmnist.training.trainer.tracking;
