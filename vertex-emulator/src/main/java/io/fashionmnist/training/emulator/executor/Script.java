package io.fashionmnist.training.emulator.executor;

import com.google.cloud.aiplatform.v1.CustomJob;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A timeline of jobs that only pretend to work.
 *
 * @param displayName which jobs; {@code *} stands for any characters
 * @param labels labels that the job must have
 * @param machineType its first pool's machine type
 * @param queued time before a machine is looked for
 * @param pending time until the container starts
 * @param running time until it ends
 * @param cancelling time from a cancel call to the end
 * @param exitCode 0 for success
 */
public record Script(
    Optional<String> displayName,
    Map<String, String> labels,
    Optional<String> machineType,
    Duration queued,
    Duration pending,
    Duration running,
    Duration cancelling,
    int exitCode) {
  /** Any job: queued and pending for a second each, then five seconds of success. */
  public static final Script DEFAULT =
      new Script(
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          0);

  /** The same times and end for any job. */
  public static Script of(
      Duration queued, Duration pending, Duration running, Duration cancelling, int exitCode) {
    return new Script(
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        queued,
        pending,
        running,
        cancelling,
        exitCode);
  }

  /** Whether this is the job's timeline. */
  public boolean matches(CustomJob job) {
    return displayName.map(pattern -> like(job.getDisplayName(), pattern)).orElse(true)
        && job.getLabelsMap().entrySet().containsAll(labels.entrySet())
        && machineType
            .map(job.getJobSpec().getWorkerPoolSpecs(0).getMachineSpec().getMachineType()::equals)
            .orElse(true);
  }

  private static boolean like(String text, String pattern) {
    return text.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
  }
}
