package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.BadInputException;

/**
 * How many batches may be under way at once: two for each producer and two more, or fewer where the
 * Java heap would not hold them.
 *
 * @param count at least two, one to be used while the next is prepared
 */
public record BatchBuffers(int count) {
  private static final int LEAST = 2;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Counts what fits into this process's heap.
   *
   * @throws BadInputException likewise
   */
  public static BatchBuffers inThisProcess(BatchPlan plan, ImageSet images, int producers) {
    return of(plan, images.height(), images.width(), producers, Runtime.getRuntime().maxMemory());
  }

  /**
   * Counts what fits.
   *
   * @param producers threads that prepare batches; as many others try the network on images
   * @param heap bytes that the Java heap may grow to, of which batches may take a half
   * @throws BadInputException where not even two batches fit, with the batch size that would
   */
  static BatchBuffers of(BatchPlan plan, int height, int width, int producers, long heap) {
    long image = (long) height * width;
    // Every thread has an image or more in its hands.
    long room = heap / 2 - 2 * producers * image;
    long perImage = image + Integer.BYTES;
    long most = Math.min(room / LEAST / perImage, LARGEST_ARRAY / image);
    if (plan.largestSize() > most) {
      throw tooMuch(plan.batchSize(), atMost(most), height, width, heap);
    }
    long count = room / (plan.largestSize() * perImage);
    return new BatchBuffers((int) Math.min(count, 2L * producers + 2));
  }

  /** The last batch may be larger than the others, by as many images as two for every tower. */
  private static long atMost(long images) {
    return Math.max(0, (images - 1) * 8 / 9);
  }

  private static BadInputException tooMuch(
      int batchSize, long most, int height, int width, long heap) {
    long mib = heap >> 20;
    String more = "give Java more: FASHION_TRAINER_JAVA_OPTS=-Xmx%dm, say".formatted(4 * mib);
    return new BadInputException(
        most < 1
            ? "images of %,d x %,d are too large for a Java heap of %,d MiB, whatever the batchSize: %s"
                .formatted(height, width, mib, more)
            : "batchSize %,d is too much for images of %,d x %,d in a Java heap of %,d MiB: choose at most %,d, or %s"
                .formatted(batchSize, height, width, mib, most, more));
  }
}
