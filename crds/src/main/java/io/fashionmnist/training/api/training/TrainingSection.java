package io.fashionmnist.training.api.training;

import java.util.List;
import java.util.Locale;

/**
 * Settings that belong together: one member record of {@link TrainingConfig}, or its own plain
 * components.
 *
 * @param key the member's name in JSON; empty for the plain components
 * @param description what the settings are about
 */
public record TrainingSection(String key, String description, List<TrainingOption> options) {
  public TrainingSection {
    options = List.copyOf(options);
  }

  /** As in {@code Early stopping}. */
  public String title() {
    if (key.isEmpty()) {
      return "Training";
    }
    String words = TrainingOption.kebabCase(key).replace('-', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
