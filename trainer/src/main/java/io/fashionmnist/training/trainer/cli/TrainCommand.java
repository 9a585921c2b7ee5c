package io.fashionmnist.training.trainer.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fashionmnist.training.api.training.Constraints;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.api.training.TrainingSchema;
import io.fashionmnist.training.api.training.Violation;
import io.fashionmnist.training.trainer.BadInputException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code fashion-trainer train}: settles what to do, and hands it to the launcher. */
final class TrainCommand implements Callable<Integer> {
  private final TrainingLauncher launcher;
  private final TrainRequestFactory requests;
  private final TrainingSchema schema = new TrainingSchema();
  private final Constraints constraints = new Constraints(schema);
  private final SettingOptions settings = new SettingOptions(schema);
  private final RunOptions run = new RunOptions();
  private final CommandSpec spec;

  TrainCommand(TrainingLauncher launcher, Map<String, String> environment, Clock clock) {
    this.launcher = launcher;
    this.requests = new TrainRequestFactory(environment, clock);
    this.spec = TrainHelp.describe(CommandSpec.wrapWithoutInspection(this).name("train"));
    spec.addMixin("run", CommandSpec.forAnnotatedObject(run));
    settings.addTo(spec);
    spec.mixinStandardHelpOptions(true);
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws Exception {
    TrainingConfig config = readConfig();
    if (run.printConfig) {
      spec.commandLine().getOut().print(new ConfigWriter(schema).yaml(config));
      spec.commandLine().getOut().flush();
      return 0;
    }
    return launcher.launch(requests.request(run, config));
  }

  /** What is wrong with a file named on the command line is wrong with the command line. */
  private TrainingConfig readConfig() {
    try {
      return config();
    } catch (BadInputException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private TrainingConfig config() {
    ParseResult line = spec.commandLine().getParseResult();
    ConfigReader reader = new ConfigReader();
    refuse(emptyValues(line));
    List<String> problems = new ArrayList<>(requests.problems(run));
    problems.addAll(settings.problems(line));
    List<ObjectNode> layers = new ArrayList<>();
    run.config.ifPresent(
        file -> {
          ObjectNode layer = reader.file(file);
          constraints.check(layer).forEach(wrong -> problems.add(file + ": " + wrong.message()));
          layers.add(layer);
        });
    refuse(problems);
    layers.addFirst(new Presets(reader).settings(run.preset));
    layers.addLast(settings.tree(line));
    TrainingConfig config = new ConfigLayers(schema).merge(layers);
    refuse(constraints.check(config).stream().map(Violation::message).toList());
    return config;
  }

  private void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new ParameterException(spec.commandLine(), String.join("\n", problems));
    }
  }

  private static List<String> emptyValues(ParseResult line) {
    return line.matchedOptions().stream()
        .filter(option -> option.typeInfo().isOptional())
        .filter(option -> option.stringValues().stream().anyMatch(String::isBlank))
        .map(option -> option.longestName() + ": must not be empty")
        .toList();
  }
}
