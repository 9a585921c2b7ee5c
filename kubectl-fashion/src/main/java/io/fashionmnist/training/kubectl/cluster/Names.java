package io.fashionmnist.training.kubectl.cluster;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Names of jobs: those like another, and the next one. Pure. */
public final class Names {
  private static final int LONGEST = 63;

  private Names() {}

  /** Those that are nearly the same, the nearest first. */
  static List<String> nearest(String name, Collection<String> all, int most) {
    int far = Math.max(2, name.length() / 3);
    return all.stream()
        .filter(each -> each.startsWith(name) || distance(name, each) <= far)
        .sorted(Comparator.comparingInt(each -> distance(name, each)))
        .limit(most)
        .toList();
  }

  /** The name with the next number that is free: shirts, shirts-2, shirts-3. */
  public static String next(String name, Collection<String> taken) {
    String stem = name.replaceFirst("-\\d{1,4}$", "");
    Set<String> all = taken.stream().collect(Collectors.toSet());
    return IntStream.iterate(2, number -> number + 1)
        .mapToObj(
            number -> {
              String suffix = "-" + number;
              int room = Math.min(stem.length(), LONGEST - suffix.length());
              return stem.substring(0, room) + suffix;
            })
        .filter(each -> !all.contains(each))
        .findFirst()
        .orElseThrow();
  }

  /** How many letters must change (Levenshtein). */
  private static int distance(String one, String other) {
    int[] row = IntStream.rangeClosed(0, other.length()).toArray();
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int above = row[j];
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], above) + 1, diagonal + change);
        diagonal = above;
      }
    }
    return row[other.length()];
  }
}
