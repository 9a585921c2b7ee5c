package io.fashionmnist.training.trainer.data;

import java.util.random.RandomGenerator;

/**
 * Random numbers that are a function of their key alone, so that work can be shared out to any
 * number of threads, or taken up in the middle, and still draw the same numbers.
 *
 * <p>SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
 * 2014) from a state that is the key's hash; {@code java.util.SplittableRandom} would do, were its
 * numbers promised to stay the same from one Java to the next.
 */
final class KeyedRandom implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** The numbers of one key. */
  KeyedRandom(Purpose purpose, long seed, long major, long minor) {
    long hash = mix(purpose.ordinal() + GOLDEN_GAMMA);
    hash = mix(hash ^ seed);
    hash = mix(hash + GOLDEN_GAMMA ^ major);
    this.state = mix(hash + GOLDEN_GAMMA ^ minor);
  }

  /** Keeps numbers drawn from one seed for different ends apart. */
  enum Purpose {
    SPLIT,
    ORDER,
    AUGMENTATION
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Evenly from minus to plus {@code amount}. */
  double nextEitherWay(double amount) {
    return (2 * nextDouble() - 1) * amount;
  }

  /** Puts values in random order (Fisher-Yates). */
  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /** The finalizer of SplitMix64 (Stafford's variant 13). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
