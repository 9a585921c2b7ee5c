package io.fashionmnist.training.trainer.tracking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Locale;

/**
 * Which run of which experiment this is. It is kept with the results, so that a restart continues
 * the run that it finds there.
 *
 * @param experiment full name of the experiment's context
 * @param attempt another attempt is another run
 * @param name for people, such as {@code custom-cnn-32-64-512-0.25-0.5-20250430123456}
 * @param id the name in the characters that the service allows: small letters, digits and hyphens
 * @param owner unique; tells this run from another one of the same name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RunIdentity(String experiment, int attempt, String name, String id, String owner) {
  private static final int TIMESTAMP = "-yyyyMMddHHmmss".length();

  /** A new run. */
  static RunIdentity of(TrackingTarget target, int attempt, String name, String owner) {
    int room = TrackingTarget.LONGEST_ID - target.experiment().length() - 1;
    return new RunIdentity(context(target), attempt, name, id(name, room), owner);
  }

  /** Whether this is a run of that experiment and attempt. */
  boolean belongsTo(TrackingTarget target, int otherAttempt) {
    return experiment.equals(context(target)) && attempt == otherAttempt;
  }

  /**
   * The same run under the next name.
   *
   * @param number from 2
   */
  RunIdentity numbered(TrackingTarget target, int number) {
    String ending = "-" + number;
    int room = TrackingTarget.LONGEST_ID - target.experiment().length() - 1 - ending.length();
    return new RunIdentity(experiment, attempt, name + ending, id(name, room) + ending, owner);
  }

  /** Full name of the run's own context. */
  String context() {
    return experiment + "-" + id;
  }

  private static String context(TrackingTarget target) {
    return target.store() + "/contexts/" + target.experiment();
  }

  /** What is too long loses its middle: the time at the end tells runs apart. */
  private static String id(String name, int room) {
    String all = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
    if (all.length() <= room) {
      return all;
    }
    String time = all.substring(Math.max(0, all.length() - TIMESTAMP));
    return all.substring(0, room - time.length()).replaceAll("-+$", "") + time;
  }
}
