package io.fashionmnist.training.trainer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fashionmnist.training.api.training.OptionType;
import io.fashionmnist.training.api.training.OptionType.ChoiceType;
import io.fashionmnist.training.api.training.OptionType.IntegerType;
import io.fashionmnist.training.api.training.Range;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.trainer.page.RunSummary.EarlierAttempt;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks the options of a run, and makes the request of them. */
final class TrainRequestFactory {
  private static final Pattern EARLIER_ATTEMPT =
      Pattern.compile("[1-9][0-9]{0,6},[^,]*,[^,]+,[^,]*");

  private static final String DEFAULT_DATA = "/usr/share/datasets/fashion-mnist";
  private static final OptionType ATTEMPT = new IntegerType(new Range(1, true, 1_000_000, true));
  private static final OptionType THREADS = new IntegerType(new Range(1, true, 1_024, true));
  private static final OptionType PRESET = new ChoiceType(Presets.NAMES);
  private static final OptionType LOG_FORMAT =
      new ChoiceType(Arrays.stream(LogFormat.values()).map(LogFormat::toString).toList());

  private final Map<String, String> environment;
  private final Clock clock;

  TrainRequestFactory(Map<String, String> environment, Clock clock) {
    this.environment = environment;
    this.clock = clock;
  }

  /** A line for every value that is not allowed, and for options that need another one. */
  List<String> problems(RunOptions run) {
    return Stream.of(
            problem("--attempt", ATTEMPT, run.attempt).stream(),
            run.threads.flatMap(threads -> problem("--threads", THREADS, threads)).stream(),
            problem("--preset", PRESET, run.preset).stream(),
            problem("--log-format", LOG_FORMAT, run.logFormat).stream(),
            classNameProblems(run.classNames).stream(),
            labelProblems(run.labels).stream(),
            earlierAttemptProblems(run.earlierAttempts).stream(),
            progressProblems(run).stream(),
            run.tracking.problems(environment).stream())
        .flatMap(problems -> problems)
        .toList();
  }

  /** The request that options without {@link #problems} stand for. */
  TrainRequest request(RunOptions run, TrainingConfig config) {
    return new TrainRequest(
        config,
        RunName.of(config.model(), clock),
        run.data.orElse(environment.getOrDefault("FASHION_DATA", DEFAULT_DATA)),
        run.output,
        run.resumeFrom,
        run.classNames.stream().map(String::strip).toList(),
        ATTEMPT.parse(run.attempt).intValue(),
        run.labels,
        run.earlierAttempts.stream().map(TrainRequestFactory::earlierAttempt).toList(),
        // The Java runtime counts the CPUs of the cgroup, not of the machine.
        run.threads
            .map(threads -> THREADS.parse(threads).intValue())
            .orElse(Runtime.getRuntime().availableProcessors()),
        logFormat(run),
        run.progressUrl.map(
            url ->
                new ProgressReceiver(URI.create(url), run.progressTokenFile, run.progressCaFile)),
        run.tracking.target(environment),
        run.terminationLog);
  }

  /** Which attempt this is; empty where the option has no value that is allowed. */
  static OptionalInt attempt(RunOptions run) {
    return Optional.ofNullable(run.attempt)
        .filter(text -> problem("--attempt", ATTEMPT, text).isEmpty())
        .map(text -> OptionalInt.of(ATTEMPT.parse(text).intValue()))
        .orElseGet(OptionalInt::empty);
  }

  /** A value that the type does not allow, as in {@code --attempt=0: must be ...}. */
  static Optional<String> problem(String option, OptionType type, String text) {
    JsonNode value = type.parse(text);
    return type.check(value).map(requirement -> option + "=" + text + ": " + requirement);
  }

  private static LogFormat logFormat(RunOptions run) {
    String name = LOG_FORMAT.parse(run.logFormat).textValue();
    return Arrays.stream(LogFormat.values())
        .filter(format -> format.toString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> classNameProblems(List<String> names) {
    List<String> problems = new ArrayList<>();
    if (names.size() == 1 || names.size() > 1_000) {
      problems.add("--class-names: must be at least 2 and at most 1000 names");
    }
    if (names.stream().anyMatch(String::isBlank)) {
      problems.add("--class-names: no name may be empty");
    } else if (new HashSet<>(names).size() < names.size()) {
      problems.add("--class-names: no name may come twice");
    }
    return problems;
  }

  private static List<String> labelProblems(Map<String, String> labels) {
    return labels.keySet().stream().anyMatch(String::isBlank)
        ? List.of("--label: must have a name before the =")
        : List.of();
  }

  private static List<String> earlierAttemptProblems(List<String> attempts) {
    return attempts.stream()
        .filter(each -> !EARLIER_ATTEMPT.matcher(each).matches())
        .map(
            each ->
                "--earlier-attempt="
                    + each
                    + ": must be <number>,<placement>,<state>,<reason>, as in"
                    + " 1,us-west1,OutOfCapacity,QuotaExceeded")
        .toList();
  }

  private static EarlierAttempt earlierAttempt(String text) {
    String[] parts = text.split(",", 4);
    return new EarlierAttempt(Integer.parseInt(parts[0]), parts[1], parts[2], parts[3]);
  }

  private static List<String> progressProblems(RunOptions run) {
    if (run.progressUrl.isEmpty()) {
      return run.progressTokenFile.isPresent() || run.progressCaFile.isPresent()
          ? List.of("--progress-token-file and --progress-ca-file need --progress-url")
          : List.of();
    }
    String url = run.progressUrl.get();
    return isWebAddress(url)
        ? List.of()
        : List.of("--progress-url=" + url + ": must be an http or https URL");
  }

  private static boolean isWebAddress(String url) {
    try {
      URI uri = new URI(url);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
