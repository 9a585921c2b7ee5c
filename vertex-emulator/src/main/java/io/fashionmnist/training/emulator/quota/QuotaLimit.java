package io.fashionmnist.training.emulator.quota;

/**
 * How much of a metric every project has in a region.
 *
 * @param region a region, or {@code *} for all that have no limit of their own
 * @param metric such as {@code custom_model_training_cpus}
 * @param value the limit; -1 is unlimited
 */
public record QuotaLimit(String region, String metric, long value) {
  /** All regions. */
  public static final String EVERYWHERE = "*";

  /** No limit, and known to be none. */
  public static final long UNLIMITED = -1;
}
