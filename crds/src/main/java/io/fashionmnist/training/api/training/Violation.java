package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What is wrong with one setting.
 *
 * @param key where, as in {@code augmentation.zoom}
 * @param value what is there, as JSON has it
 * @param requirement what it must be, as in {@code must be at least 0 and less than 1}
 */
public record Violation(String key, String value, String requirement) {
  private static final int LONGEST_VALUE = 80;

  static Violation of(String key, JsonNode value, String requirement) {
    String text =
        value.isFloatingPointNumber() ? Decimals.text(value.doubleValue()) : value.toString();
    return new Violation(
        key,
        text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...",
        requirement);
  }

  /** As in {@code augmentation.zoom is 1.5: must be at least 0 and less than 1}. */
  public String message() {
    return key + " is " + value + ": " + requirement;
  }
}
