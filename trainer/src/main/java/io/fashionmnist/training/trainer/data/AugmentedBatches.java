package io.fashionmnist.training.trainer.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Training batches in the order of their steps, prepared ahead on producer threads.
 *
 * <p>What a batch holds depends on the seed, the epoch and the step, never on the number of threads
 * or on where the run began. Memory is bounded: a few buffers go round, so each batch must be
 * {@linkplain #release released} once it has been used; a consumer that keeps them all waits for
 * ever.
 */
public final class AugmentedBatches implements AutoCloseable {
  private final ImageSet images;
  private final int[] trainingIndices;
  private final BatchPlan plan;
  private final Optional<AffineAugmentation> augmentation;
  private final long seed;
  private final int epochs;
  private final List<Thread> threads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock. A step is taken together with a buffer, so the earliest step that is not
  // handed out yet always has one, and at most ready.length steps are under way.
  private final Deque<Batch> free = new ArrayDeque<>();
  private final Batch[] ready;
  private long handedOut = 0;
  private long started = 0;
  private int epoch;
  private int step;
  private int[] order;
  private Optional<Throwable> failure = Optional.empty();
  private boolean closed = false;

  /**
   * Starts the producers.
   *
   * @param trainingIndices which images to train on; each comes once per epoch
   * @param plan how an epoch's images are cut into batches
   * @param augmentation changes each image; absent: images stay as they are
   * @param producers number of threads
   * @param firstEpoch epoch of the first batch, from 0
   * @param firstStep step of the first batch within its epoch, from 0
   * @param epochs number of epochs in all, those before {@code firstEpoch} included
   */
  public AugmentedBatches(
      ImageSet images,
      int[] trainingIndices,
      BatchPlan plan,
      Optional<AffineAugmentation> augmentation,
      long seed,
      int producers,
      int firstEpoch,
      int firstStep,
      int epochs) {
    if (plan.images() != trainingIndices.length) {
      throw new IllegalArgumentException(
          "a plan for %d images, but %d".formatted(plan.images(), trainingIndices.length));
    }
    if (producers < 1 || firstEpoch < 0 || firstStep < 0 || firstStep > plan.stepsPerEpoch()) {
      throw new IllegalArgumentException(
          "%d producers from epoch %d, step %d".formatted(producers, firstEpoch, firstStep));
    }
    this.images = images;
    this.trainingIndices = trainingIndices;
    this.plan = plan;
    this.augmentation = augmentation;
    this.seed = seed;
    this.epochs = epochs;
    this.epoch = firstEpoch;
    this.step = firstStep;
    this.order = EpochOrder.of(trainingIndices, seed, firstEpoch);
    this.ready = new Batch[BatchBuffers.inThisProcess(plan, images, producers).count()];
    for (int i = 0; i < ready.length; i++) {
      int pixels = Math.multiplyExact(plan.largestSize(), images.imageBytes());
      free.add(new Batch(0, new byte[pixels], new int[plan.largestSize()]));
    }
    this.threads =
        IntStream.range(0, producers)
            .mapToObj(i -> Thread.ofPlatform().daemon().name("batches-" + i).start(this::produce))
            .toList();
  }

  /**
   * The next step's batch; waits until it is prepared.
   *
   * @throws NoSuchElementException after the last epoch
   * @throws IllegalStateException if a producer failed, or after {@link #close}
   */
  public Batch take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (failure.isPresent()) {
          throw new IllegalStateException("a batch could not be prepared", failure.get());
        }
        if (closed) {
          throw new IllegalStateException("closed");
        }
        int slot = (int) (handedOut % ready.length);
        if (ready[slot] != null) {
          Batch batch = ready[slot];
          ready[slot] = null;
          handedOut++;
          return batch;
        }
        if (handedOut == started && finished()) {
          throw new NoSuchElementException("all %d epochs are through".formatted(epochs));
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives a batch's buffer back; the batch may not be used any more. */
  public void release(Batch batch) {
    lock.lock();
    try {
      free.add(batch);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the producers and waits for their end, a batch's time at most. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A batch to be prepared. */
  private record Work(long number, int epoch, int offset, int size, int[] order, Batch buffer) {}

  private void produce() {
    try {
      byte[] source = new byte[images.imageBytes()];
      for (Optional<Work> work = next(); work.isPresent(); work = next()) {
        finish(work.get().number(), prepare(work.get(), source));
      }
    } catch (Throwable e) {
      fail(e);
    }
  }

  /** Waits for a buffer and takes the next step, if there is one. */
  private Optional<Work> next() {
    lock.lock();
    try {
      while (free.isEmpty() && !over()) {
        changed.awaitUninterruptibly();
      }
      if (over()) {
        return Optional.empty();
      }
      if (step == plan.stepsPerEpoch()) {
        epoch++;
        step = 0;
        order = EpochOrder.of(trainingIndices, seed, epoch);
      }
      Work work =
          new Work(started, epoch, plan.offset(step), plan.size(step), order, free.remove());
      started++;
      step++;
      return Optional.of(work);
    } finally {
      lock.unlock();
    }
  }

  private boolean over() {
    return closed || failure.isPresent() || finished();
  }

  private boolean finished() {
    return epoch >= epochs || (epoch == epochs - 1 && step == plan.stepsPerEpoch());
  }

  private Batch prepare(Work work, byte[] source) {
    byte[] pixels = work.buffer().pixels();
    int[] labels = work.buffer().labels();
    for (int i = 0; i < work.size(); i++) {
      int image = work.order()[work.offset() + i];
      int target = i * images.imageBytes();
      labels[i] = images.labels()[image];
      if (augmentation.isPresent()) {
        images.copyImage(image, source, 0);
        AffineAugmentation affine = augmentation.get();
        affine.apply(source, 0, pixels, target, affine.draw(seed, work.epoch(), image));
      } else {
        images.copyImage(image, pixels, target);
      }
    }
    return new Batch(work.size(), pixels, labels);
  }

  private void finish(long number, Batch batch) {
    lock.lock();
    try {
      ready[(int) (number % ready.length)] = batch;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable e) {
    lock.lock();
    try {
      failure = Optional.of(e);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
