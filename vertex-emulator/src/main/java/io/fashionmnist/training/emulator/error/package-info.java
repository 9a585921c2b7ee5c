/**
 * What the service says when it refuses: codes, texts and details as Vertex AI has them. Knows no
 * other room.
 */
package io.fashionmnist.training.emulator.error;
