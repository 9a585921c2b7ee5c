package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.tracking.TrackingTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options of Vertex AI Experiments. Filled by picocli. */
final class TrackingOptions {
  private static final String EMULATOR = "VERTEX_EMULATOR_HOST";

  /** Ids of contexts have at least four characters; what is left of 121 is the run's. */
  private static final Pattern EXPERIMENT = Pattern.compile("[a-z0-9][a-z0-9-]{3,62}");

  private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9.:-]{0,62}");
  private static final Pattern LOCATION = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern TENSORBOARD =
      Pattern.compile("projects/[^/]+/locations/[^/]+/tensorboards/[^/]+");
  private static final Pattern EMULATOR_ADDRESS = Pattern.compile("[^/:\\s]+:\\d{1,5}");

  @Option(
      names = "--tracking-experiment",
      paramLabel = "<name>",
      description = {
        "Track the run in this experiment of Vertex AI Experiments, which is made if there is"
            + " none. Training does not wait for the service.",
        "4 to 63 of a-z, 0-9 and -. Default: none."
      })
  Optional<String> experiment;

  @Option(
      names = "--tracking-project",
      paramLabel = "<name>",
      description = {
        "Google Cloud project of --tracking-experiment, which needs it.",
        "Default: none."
      })
  Optional<String> project;

  @Option(
      names = "--tracking-location",
      paramLabel = "<region>",
      description = {
        "Region of --tracking-experiment, which needs it, such as us-central1.",
        "Default: none."
      })
  Optional<String> location;

  @Option(
      names = "--tracking-tensorboard",
      paramLabel = "<name>",
      description = {
        "Tensorboard instance for the curves:"
            + " projects/<project>/locations/<region>/tensorboards/<id>.",
        "Default: the experiment's, else the project's default one, which is made if there is none."
      })
  Optional<String> tensorboard;

  @Option(
      names = "--tracking-parameter",
      paramLabel = "<name>=<value>",
      description = {
        "A further parameter of the run in the experiment, such as where it runs. May be given"
            + " several times.",
        "Default: none."
      })
  List<String> parameters = List.of();

  /**
   * A line for every value that is not allowed, and for options that need another one.
   *
   * @param environment the process's
   */
  List<String> problems(Map<String, String> environment) {
    if (experiment.isEmpty()) {
      boolean others =
          project.isPresent()
              || location.isPresent()
              || tensorboard.isPresent()
              || !parameters.isEmpty();
      return others
          ? List.of(
              "--tracking-project, --tracking-location, --tracking-tensorboard and"
                  + " --tracking-parameter need --tracking-experiment")
          : List.of();
    }
    List<String> problems = new ArrayList<>();
    if (project.isEmpty() || location.isEmpty()) {
      problems.add("--tracking-experiment needs --tracking-project and --tracking-location");
    }
    check(
        problems,
        "--tracking-experiment",
        experiment,
        EXPERIMENT,
        "4 to 63 of a-z, 0-9 and -, and begin with a letter or a digit");
    check(problems, "--tracking-project", project, PROJECT, "a project's id or number");
    check(problems, "--tracking-location", location, LOCATION, "a region, such as us-central1");
    check(
        problems,
        "--tracking-tensorboard",
        tensorboard,
        TENSORBOARD,
        "projects/<project>/locations/<region>/tensorboards/<id>");
    parameters.stream()
        .filter(each -> each.indexOf('=') < 1)
        .map(each -> "--tracking-parameter=" + each + ": must be <name>=<value>")
        .forEach(problems::add);
    emulator(environment)
        .filter(address -> !EMULATOR_ADDRESS.matcher(address).matches())
        .map(address -> EMULATOR + "=" + address + ": must be host:port, as in localhost:8085")
        .ifPresent(problems::add);
    return problems;
  }

  /** Which experiment options without {@link #problems} name, if they name one. */
  Optional<TrackingTarget> target(Map<String, String> environment) {
    Map<String, String> further = new LinkedHashMap<>();
    for (String parameter : parameters) {
      String[] nameAndValue = parameter.split("=", 2);
      further.put(nameAndValue[0], nameAndValue[1]);
    }
    return experiment.map(
        name ->
            new TrackingTarget(
                project.orElseThrow(),
                location.orElseThrow(),
                name,
                tensorboard,
                further,
                emulator(environment)));
  }

  private static Optional<String> emulator(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(EMULATOR)).filter(address -> !address.isBlank());
  }

  private static void check(
      List<String> problems,
      String option,
      Optional<String> value,
      Pattern form,
      String requirement) {
    value
        .filter(text -> !form.matcher(text).matches())
        .map(text -> option + "=" + text + ": must be " + requirement)
        .ifPresent(problems::add);
  }
}
