package io.fashionmnist.training.operator.metric;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Reasons as label values. Most are the operator's own words; some are the cluster's, which may
 * invent any, so that there is an end to how many are told apart.
 */
final class Reasons {
  private static final Pattern WORD = Pattern.compile("[A-Z][A-Za-z]{1,39}");
  private static final int TOLD_APART = 64;
  private static final String OTHER = "Other";

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  String label(String reason) {
    if (reason == null || !WORD.matcher(reason).matches()) {
      return OTHER;
    }
    if (known.contains(reason)) {
      return reason;
    }
    return known.size() < TOLD_APART && known.add(reason) ? reason : OTHER;
  }
}
