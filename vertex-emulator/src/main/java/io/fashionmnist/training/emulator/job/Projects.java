package io.fashionmnist.training.emulator.job;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/** Knows every project's number: a configured one, or one made from the project's id. */
public final class Projects {
  private final Map<String, String> numbers;

  /** With configured numbers by id. */
  public Projects(Map<String, String> numbers) {
    this.numbers = Map.copyOf(numbers);
  }

  /** The number of a project that is named by its id or its number. */
  public String number(String project) {
    if (!project.isEmpty() && project.chars().allMatch(Character::isDigit)) {
      return project;
    }
    String known = numbers.get(project);
    if (known != null) {
      return known;
    }
    CRC32 hash = new CRC32();
    hash.update(project.getBytes(StandardCharsets.UTF_8));
    // Twelve digits, as real numbers have, and always the same ones.
    return Long.toString(100_000_000_000L + hash.getValue());
  }
}
