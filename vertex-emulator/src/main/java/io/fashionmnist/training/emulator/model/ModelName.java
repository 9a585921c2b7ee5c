package io.fashionmnist.training.emulator.model;

/**
 * A model's name, as callers write it.
 *
 * @param model without the version: {@code projects/P/locations/R/models/ID}
 * @param version a version's number or alias; empty where the default one is meant, or all
 */
record ModelName(String model, String version) {
  /** Reads {@code models/ID}, {@code models/ID@2}, {@code models/ID@golden}. */
  static ModelName of(String name) {
    int at = name.indexOf('@');
    return at < 0
        ? new ModelName(name, "")
        : new ModelName(name.substring(0, at), name.substring(at + 1));
  }
}
