package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.JobState;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The labels that a custom job is found by. Creating one knows no name of the caller's choice:
 * these alone tell whose it is.
 *
 * @see <a href="https://cloud.google.com/resource-manager/docs/labels-overview">Labels: at most 63
 *     of a-z, 0-9, _ and -</a>
 */
public final class JobLabels {
  private static final String PREFIX = "fashion-training-";
  private static final String INSTALLATION = PREFIX + "installation";
  private static final String UID = PREFIX + "job-uid";
  private static final String ATTEMPT = PREFIX + "attempt";
  private static final String NAMESPACE = PREFIX + "job-namespace";
  private static final String NAME = PREFIX + "job-name";
  private static final int LONGEST = 63;
  private static final int NAME_PARTS = 5;
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  private JobLabels() {}

  /** The labels of an attempt's job. */
  public static SortedMap<String, String> of(String installation, JobOwner owner) {
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put(INSTALLATION, valid(installation));
    labels.put(UID, valid(owner.uid()));
    labels.put(ATTEMPT, Integer.toString(owner.attempt()));
    labels.put(NAMESPACE, valid(owner.namespace()));
    // Reversible: no name in Kubernetes has an underscore. A long one takes several labels.
    String name = owner.name().replace('.', '_');
    for (int part = 0; part * LONGEST < name.length(); part++) {
      labels.put(
          partLabel(part),
          name.substring(part * LONGEST, Math.min(name.length(), (part + 1) * LONGEST)));
    }
    return labels;
  }

  /** Whether a label is one of those. */
  static boolean ours(String label) {
    return label.startsWith(PREFIX);
  }

  /** Whose a job with these labels is; empty if it is nobody's of that installation. */
  static Optional<JobOwner> owner(String installation, Map<String, String> labels) {
    String attempt = labels.getOrDefault(ATTEMPT, "");
    if (!valid(installation).equals(labels.get(INSTALLATION))
        || !labels.containsKey(UID)
        || !NUMBER.matcher(attempt).matches()) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    for (int part = 0; part < NAME_PARTS && labels.containsKey(partLabel(part)); part++) {
      name.append(labels.get(partLabel(part)));
    }
    return Optional.of(
        new JobOwner(
            labels.getOrDefault(NAMESPACE, ""),
            name.toString().replace('_', '.'),
            labels.get(UID),
            Integer.parseInt(attempt)));
  }

  /** Filter of a list: every job of an installation. */
  public static String filter(String installation) {
    return "labels.%s=%s".formatted(INSTALLATION, valid(installation));
  }

  /**
   * Filter of a list: the jobs of an installation that may yet run. A state of tomorrow is one of
   * theirs, so that the others are named.
   */
  public static String liveFilter(String installation) {
    return Stream.of(JobState.values())
        .filter(PolledJob::over)
        .map(state -> " AND state!=\"%s\"".formatted(state))
        .collect(Collectors.joining("", filter(installation), ""));
  }

  /** Filter of a list: the jobs of one attempt, of which there should be one. */
  public static String filter(String installation, JobOwner owner) {
    return "%s AND labels.%s=%s AND labels.%s=%d"
        .formatted(filter(installation), UID, valid(owner.uid()), ATTEMPT, owner.attempt());
  }

  private static String partLabel(int part) {
    return part == 0 ? NAME : NAME + "-" + (part + 1);
  }

  /** The text as a label's value. */
  static String valid(String text) {
    String allowed = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "_");
    return allowed.length() > LONGEST ? allowed.substring(0, LONGEST) : allowed;
  }
}
