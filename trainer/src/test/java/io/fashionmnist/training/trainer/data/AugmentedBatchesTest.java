package io.fashionmnist.training.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.fashionmnist.training.api.training.AugmentationConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AugmentedBatchesTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 5;
  private static final int EPOCHS = 3;
  private static final ImageSet IMAGES = TestImages.random(120, HEIGHT, WIDTH, 1);

  /** Every other image is trained on. */
  private static final int[] TRAINING = IntStream.range(0, 60).map(i -> 2 * i).toArray();

  private static final Optional<AffineAugmentation> AUGMENTATION =
      Optional.of(new AffineAugmentation(AugmentationConfig.defaults(), HEIGHT, WIDTH));

  /** What was handed out, copied. */
  private record Copy(List<Byte> pixels, List<Integer> labels) {}

  private static AugmentedBatches batches(
      int batchSize,
      Optional<AffineAugmentation> augmentation,
      long seed,
      int producers,
      int firstEpoch,
      int firstStep) {
    return new AugmentedBatches(
        IMAGES,
        TRAINING,
        new BatchPlan(TRAINING.length, batchSize, 1),
        augmentation,
        seed,
        producers,
        firstEpoch,
        firstStep,
        EPOCHS);
  }

  /** Takes all there is; a deadlock fails instead of hanging, in properties too. */
  private static List<Copy> all(AugmentedBatches batches) {
    return assertTimeoutPreemptively(Duration.ofSeconds(30), () -> takeAll(batches));
  }

  private static List<Copy> takeAll(AugmentedBatches batches) throws InterruptedException {
    List<Copy> copies = new ArrayList<>();
    try (batches) {
      while (true) {
        Batch batch = batches.take();
        copies.add(copy(batch));
        batches.release(batch);
      }
    } catch (NoSuchElementException e) {
      return copies;
    }
  }

  private static Copy copy(Batch batch) {
    List<Byte> pixels = new ArrayList<>();
    for (int i = 0; i < batch.size() * HEIGHT * WIDTH; i++) {
      pixels.add(batch.pixels()[i]);
    }
    return new Copy(pixels, Arrays.stream(batch.labels(), 0, batch.size()).boxed().toList());
  }

  @Property(tries = 20)
  void batchesDoNotDependOnTheNumberOfThreads(
      @ForAll @IntRange(min = 2, max = 60) int batchSize, @ForAll long seed) throws Exception {
    List<Copy> one = all(batches(batchSize, AUGMENTATION, seed, 1, 0, 0));
    assertThat(one).hasSize(EPOCHS * new BatchPlan(60, batchSize, 1).stepsPerEpoch());
    assertThat(all(batches(batchSize, AUGMENTATION, seed, 2, 0, 0))).isEqualTo(one);
    assertThat(all(batches(batchSize, AUGMENTATION, seed, 4, 0, 0))).isEqualTo(one);
  }

  @Property(tries = 40)
  void resumedRunGoesOnAsIfUninterrupted(
      @ForAll @IntRange(min = 2, max = 60) int batchSize,
      @ForAll @IntRange(max = EPOCHS - 1) int epoch,
      @ForAll @IntRange(max = 30) int anyStep)
      throws Exception {
    int steps = new BatchPlan(60, batchSize, 1).stepsPerEpoch();
    int step = Math.min(anyStep, steps);
    List<Copy> whole = all(batches(batchSize, AUGMENTATION, 42, 2, 0, 0));
    List<Copy> resumed = all(batches(batchSize, AUGMENTATION, 42, 3, epoch, step));
    assertThat(resumed).isEqualTo(whole.subList(epoch * steps + step, whole.size()));
  }

  @Property(tries = 20)
  void everyTrainingImageComesOncePerEpochInTheEpochsOrder(
      @ForAll @IntRange(min = 2, max = 60) int batchSize, @ForAll long seed) throws Exception {
    List<Copy> batches = all(batches(batchSize, Optional.empty(), seed, 3, 0, 0));
    List<Byte> pixels = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Copy batch : batches) {
      pixels.addAll(batch.pixels());
      labels.addAll(batch.labels());
    }
    int next = 0;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (int image : EpochOrder.of(TRAINING, seed, epoch)) {
        assertThat(labels.get(next)).isEqualTo((int) IMAGES.labels()[image]);
        byte[] expected = TestImages.image(IMAGES, image);
        for (int i = 0; i < expected.length; i++) {
          assertThat(pixels.get(next * expected.length + i)).isEqualTo(expected[i]);
        }
        next++;
      }
    }
    assertThat(labels).hasSize(next);
  }

  @Test
  void anImageLooksDifferentInEveryEpoch() throws Exception {
    List<Copy> epochs = all(batches(60, AUGMENTATION, 42, 2, 0, 0));
    assertThat(epochs).hasSize(EPOCHS);
    Set<List<Byte>> looks =
        epochs.stream().flatMap(epoch -> imagesOf(epoch).stream()).collect(Collectors.toSet());
    assertThat(looks).hasSizeGreaterThan(2 * 60);
  }

  private static List<List<Byte>> imagesOf(Copy batch) {
    int bytes = HEIGHT * WIDTH;
    return IntStream.range(0, batch.labels().size())
        .mapToObj(i -> batch.pixels().subList(i * bytes, (i + 1) * bytes))
        .toList();
  }

  @Test
  void nothingFollowsTheLastEpoch() throws Exception {
    try (AugmentedBatches batches = batches(30, AUGMENTATION, 42, 2, EPOCHS, 0)) {
      assertThatThrownBy(batches::take).isInstanceOf(NoSuchElementException.class);
    }
    try (AugmentedBatches batches = batches(30, AUGMENTATION, 42, 2, EPOCHS - 1, 2)) {
      assertThatThrownBy(batches::take).isInstanceOf(NoSuchElementException.class);
    }
  }

  /** A consumer may hold several batches; the ones it holds are not written to. */
  @Test
  void buffersInUseAreLeftAlone() throws Exception {
    try (AugmentedBatches batches = batches(10, AUGMENTATION, 42, 2, 0, 0)) {
      Batch held = batches.take();
      Copy before = copy(held);
      for (int i = 0; i < 10; i++) {
        batches.release(batches.take());
      }
      assertThat(copy(held)).isEqualTo(before);
    }
  }

  @Test
  void failureOfAProducerReachesTheConsumer() {
    ImageSet closed;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment pixels = arena.allocate(120L * HEIGHT * WIDTH);
      closed = new ImageSet(pixels, IMAGES.labels(), HEIGHT, WIDTH);
    }
    try (AugmentedBatches batches =
        new AugmentedBatches(
            closed, TRAINING, new BatchPlan(60, 10, 1), AUGMENTATION, 42, 2, 0, 0, EPOCHS)) {
      assertThatThrownBy(batches::take)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("could not be prepared")
          .hasRootCauseMessage("Already closed");
    }
  }

  @Test
  void closeEndsTheThreadsAndWakesAWaitingConsumer() throws Exception {
    AugmentedBatches batches = batches(10, AUGMENTATION, 42, 2, 0, 0);
    List<Thread> producers = producers();
    assertThat(producers).hasSize(2);
    CompletableFuture<Void> consumer =
        CompletableFuture.runAsync(
            () -> {
              try {
                while (true) {
                  batches.take(); // never released: soon waits for good
                }
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    batches.close();
    assertThat(producers).noneMatch(Thread::isAlive);
    assertThatThrownBy(() -> consumer.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private static List<Thread> producers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("batches-"))
        .toList();
  }
}
