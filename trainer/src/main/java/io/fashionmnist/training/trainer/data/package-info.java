/**
 * Images: reading IDX files, splitting them, augmenting them on producer threads, handing them out
 * in batches. Pixels stay bytes here; nothing in this room knows TensorFlow.
 */
package io.fashionmnist.training.trainer.data;
