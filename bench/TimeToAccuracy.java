import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures how long the trainer takes to a test accuracy, in passes over the images and in seconds
 * from the start of the process: whole trainings with three seeds each, whose checkpoints of every
 * epoch are tried on the test images afterwards, so that trying them costs the training nothing.
 * Keras runs once; it tries its model after each epoch, and its time is told without that.
 *
 * <p>{@code java bench/TimeToAccuracy.java TRAINER PYTHON DATA REPORT} measures and writes a section
 * of the report; {@code java bench/TimeToAccuracy.java LOGS} prints that section from what runs left
 * in a directory.
 */
final class TimeToAccuracy {
  private static final double TARGET = 0.90;
  private static final List<Integer> SEEDS = List.of(42, 1, 2);
  private static final String SECTION = "accuracy";
  private static final String KERAS = "keras";

  /** The directories of the logs, and what the table calls them; in its order. */
  private static final Map<String, String> NAMES =
      new TreeMap<>(
          Map.of(
              "1-fast", "this trainer, `--preset fast`",
              "2-default", "this trainer, defaults",
              "3-" + KERAS, "Keras 3, the same recipe as the defaults"));

  /**
   * An epoch of a run.
   *
   * @param seconds from the start of the process to the epoch's end, its validation included
   */
  record Epoch(int number, double seconds) {}

  /**
   * A run at its first epoch whose weights are as good as wanted, or, where none is, at its best.
   *
   * @param passes over the training images
   */
  record Outcome(boolean reached, int passes, double seconds, double accuracy) {}

  private TimeToAccuracy() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      System.out.print(table(Path.of(args[0])));
      return;
    }
    Path logs = Files.createTempDirectory("time-to-accuracy");
    for (int seed : SEEDS) {
      train(args, logs.resolve("1-fast"), seed, List.of("--preset=fast"));
      train(args, logs.resolve("2-default"), seed, List.of());
    }
    keras(args, Files.createDirectories(logs.resolve("3-" + KERAS)));
    String table = table(logs);
    TrainerBenchmark.replaceSection(Path.of(args[3]), SECTION, table);
    System.out.println(table);
    TrainerBenchmark.deleteTree(logs);
  }

  private static void train(String[] args, Path logs, int seed, List<String> options)
      throws Exception {
    Files.createDirectories(logs);
    Path output = Files.createTempDirectory("training");
    List<String> command =
        new ArrayList<>(
            List.of(
                args[0], "train", "--data", args[2], "--output=" + output, "--seed=" + seed,
                "--checkpoints.every-epochs=1", "--checkpoints.every-minutes=0",
                "--checkpoints.keep=100", "--log-format=Json"));
    command.addAll(options);
    long started = System.currentTimeMillis();
    call(command, logs.resolve(seed + ".log"));
    Files.writeString(logs.resolve(seed + ".started"), "%.3f%n".formatted(started / 1e3));
    call(
        List.of(
            args[1], "bench/peers/checkpoint_accuracy.py", "--data", args[2],
            output.resolve("checkpoints").toString()),
        logs.resolve(seed + ".accuracies"));
    TrainerBenchmark.deleteTree(output);
  }

  private static void keras(String[] args, Path logs) throws Exception {
    call(
        List.of(
            args[1], "bench/peers/keras_peer.py", "--data", args[2], "--seed", "" + SEEDS.getFirst(),
            "--epochs-to-accuracy", "" + TARGET),
        logs.resolve(SEEDS.getFirst() + ".log"));
  }

  private static void call(List<String> command, Path out) throws Exception {
    System.err.println(String.join(" ", command));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putIfAbsent("TF_CPP_MIN_LOG_LEVEL", "2");
    Process process = builder.start();
    if (!process.waitFor(3, TimeUnit.HOURS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + " failed: " + Files.readString(out));
    }
  }

  /** The section, from the logs of runs. */
  static String table(Path logs) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            Measured on %s with %d processors: seeds %s, Keras once. Means over the seeds. A pass is an epoch over the images that are trained on; \
            the time goes from the start of the process to the end of the first epoch after which the weights classify %.0f%% of the test images rightly.

            | | runs that reach %.2f | passes | seconds | test accuracy then |
            |---|---:|---:|---:|---:|
            """
                .formatted(
                    LocalDate.now(), Runtime.getRuntime().availableProcessors(),
                    String.join(", ", SEEDS.stream().map(String::valueOf).toList()),
                    100 * TARGET, TARGET));
    for (Map.Entry<String, String> contender : NAMES.entrySet()) {
      List<Outcome> outcomes = outcomes(logs.resolve(contender.getKey()));
      if (!outcomes.isEmpty()) {
        text.append(row(contender.getValue(), outcomes));
      }
    }
    return text.toString();
  }

  private static List<Outcome> outcomes(Path logs) throws IOException {
    if (!Files.isDirectory(logs)) {
      return List.of();
    }
    List<Outcome> outcomes = new ArrayList<>();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
        String log = Files.readString(file);
        Path started = sibling(file, ".started");
        outcomes.add(
            Files.exists(started)
                ? outcome(
                    epochs(log, Double.parseDouble(Files.readString(started).strip())),
                    accuracies(Files.readString(sibling(file, ".accuracies"))))
                : keras(log));
      }
    }
    return outcomes;
  }

  private static Path sibling(Path log, String suffix) {
    return log.resolveSibling(log.getFileName().toString().replace(".log", suffix));
  }

  /** When each epoch of a trainer's log was over, after {@code started}, in seconds since 1970. */
  static List<Epoch> epochs(String log, double started) {
    return log.lines()
        .filter(line -> line.matches(".*\"message\":\"Epoch \\d+ finished\".*"))
        .map(
            line ->
                new Epoch(
                    (int) TrainerBenchmark.last(line, "epoch"),
                    TrainerBenchmark.last(line, "timestampSeconds")
                        + TrainerBenchmark.last(line, "timestampNanos") / 1e9
                        - started))
        .toList();
  }

  /** Test accuracy after each epoch. */
  static Map<Integer, Double> accuracies(String lines) {
    Map<Integer, Double> byEpoch = new TreeMap<>();
    lines
        .lines()
        .filter(line -> line.contains("testAccuracy"))
        .forEach(
            line ->
                byEpoch.put(
                    (int) TrainerBenchmark.last(line, "epoch"),
                    TrainerBenchmark.last(line, "testAccuracy")));
    return byEpoch;
  }

  static Outcome outcome(List<Epoch> epochs, Map<Integer, Double> accuracies) {
    Optional<Outcome> first = Optional.empty();
    Outcome best = new Outcome(false, 0, Double.NaN, Double.NEGATIVE_INFINITY);
    for (Epoch epoch : epochs) {
      double accuracy = accuracies.getOrDefault(epoch.number(), Double.NaN);
      if (first.isEmpty() && accuracy >= TARGET) {
        first = Optional.of(new Outcome(true, epoch.number(), epoch.seconds(), accuracy));
      }
      if (accuracy > best.accuracy()) {
        best = new Outcome(false, epoch.number(), epoch.seconds(), accuracy);
      }
    }
    return first.orElse(best);
  }

  private static Outcome keras(String log) {
    Matcher reached = Pattern.compile("\"reached\"\\s*:\\s*true").matcher(log);
    return new Outcome(
        reached.find(),
        // The last of the line's: its configuration has the most that are allowed.
        (int) TrainerBenchmark.last(log, "epochs"),
        TrainerBenchmark.last(log, "seconds"),
        TrainerBenchmark.last(log, "testAccuracy"));
  }

  /** A mean of a time to an accuracy that some runs never had would say nothing. */
  private static String row(String name, List<Outcome> outcomes) {
    long reached = outcomes.stream().filter(Outcome::reached).count();
    boolean all = reached == outcomes.size();
    return String.format(
        Locale.ROOT,
        "| %s | %d of %d | %s | %s | %.4f%s |%n",
        name,
        reached,
        outcomes.size(),
        all ? "%.1f".formatted(mean(outcomes, Outcome::passes)) : "",
        all ? "%,.0f".formatted(mean(outcomes, Outcome::seconds)) : "",
        mean(outcomes, Outcome::accuracy),
        all ? "" : ", at best");
  }

  private static double mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
    return outcomes.stream().mapToDouble(figure).average().orElseThrow();
  }
}
