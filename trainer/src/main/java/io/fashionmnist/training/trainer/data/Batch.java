package io.fashionmnist.training.trainer.data;

/**
 * Images for one optimizer step. The arrays belong to a pool and may be longer than {@code size}
 * needs.
 *
 * @param size number of images
 * @param pixels image after image, one byte a pixel
 * @param labels the class of each image
 */
public record Batch(int size, byte[] pixels, int[] labels) {}
