package io.fashionmnist.training.operator.backend;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How another trainer than ours is told which attempts it may continue. */
public final class ResumeVariables {
  private ResumeVariables() {}

  /**
   * The variables of a container.
   *
   * @param folders earlier attempts' results, the newest first
   */
  public static Map<String, String> of(List<String> folders) {
    Map<String, String> all = new TreeMap<>();
    folders.stream().findFirst().ifPresent(newest -> all.put("FASHION_RESUME_FROM", newest));
    if (folders.size() > 1) {
      all.put("FASHION_RESUME_FROM_ALL", String.join(" ", folders));
    }
    return all;
  }
}
