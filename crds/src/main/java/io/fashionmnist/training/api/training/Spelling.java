package io.fashionmnist.training.api.training;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Finds what a mistyped name may have meant. */
public final class Spelling {
  private Spelling() {}

  /**
   * The known names nearest to an unknown one by edit distance, ignoring case; what stands before
   * the last dot may be missing or wrong. Empty when none is near.
   */
  public static List<String> nearest(String unknown, Collection<String> known) {
    int limit = (lastPart(unknown).length() + 1) / 3;
    int best = known.stream().mapToInt(name -> distance(unknown, name)).min().orElse(limit + 1);
    return best > limit
        ? List.of()
        : known.stream().filter(name -> distance(unknown, name) == best).toList();
  }

  /** The end of a message: {@code "; did you mean a or b?"}, or nothing. */
  public static String hint(String unknown, Collection<String> known) {
    List<String> nearest = nearest(unknown, known);
    return nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?";
  }

  private static int distance(String unknown, String name) {
    // A name in the wrong group is worth a hint, but less than one in the right group.
    return Math.min(edits(unknown, name), edits(lastPart(unknown), lastPart(name)) + 1);
  }

  private static String lastPart(String name) {
    return name.replaceFirst("^-+", "").replaceFirst("^.*\\.", "");
  }

  /** Levenshtein's distance: insertions, deletions and replacements that make one the other. */
  private static int edits(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
