package io.fashionmnist.training.operator.backend.cluster;

import static io.fashionmnist.training.api.v1alpha1.FashionTrainingJob.GROUP;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Names and labels of an attempt's Job and pods: functions of installation, job and attempt. */
public final class Labels {
  public static final String JOB = GROUP + "/job";
  public static final String JOB_UID = GROUP + "/job-uid";
  public static final String ATTEMPT = GROUP + "/attempt";
  public static final String INSTALLATION = GROUP + "/installation";

  // A pod's name adds six characters, and is a label's value: 63 at most.
  private static final int LONGEST_NAME = 57;

  private Labels() {}

  /** The labels of everything that belongs to an attempt. */
  public static Map<String, String> of(String installation, ObjectMeta job, int attempt) {
    return Map.of(
        INSTALLATION, installation,
        JOB, job.getName(),
        JOB_UID, job.getUid(),
        ATTEMPT, Integer.toString(attempt));
  }

  /** The name of an attempt's Job. */
  public static String jobName(String installation, ObjectMeta job, int attempt) {
    String suffix = "-%s-%d".formatted(digest(installation + "/" + job.getUid()), attempt);
    String name = job.getName().replace('.', '-');
    int room = LONGEST_NAME - suffix.length();
    String start = name.length() > room ? name.substring(0, room) : name;
    return start.replaceAll("-+$", "") + suffix;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
