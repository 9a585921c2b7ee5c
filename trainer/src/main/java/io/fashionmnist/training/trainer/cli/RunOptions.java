package io.fashionmnist.training.trainer.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of one run: where its data and results are and how it reports. Filled by picocli,
 * checked by {@link TrainRequestFactory}; how to train is in {@link SettingOptions}.
 */
final class RunOptions {
  @Option(
      names = "--data",
      paramLabel = "<uri>",
      description = {
        "Images and labels in IDX files, gzipped or not: a path or a file, gs or https URI.",
        "Default: the environment's FASHION_DATA, else /usr/share/datasets/fashion-mnist."
      })
  Optional<String> data;

  @Option(
      names = "--class-names",
      paramLabel = "<name>",
      split = ",",
      splitSynopsisLabel = ",",
      description = {
        "Names of the classes in the order of their labels, 2 to 1000.",
        "Default: class-names.txt beside the data, Fashion-MNIST's own for it, else the numbers."
      })
  List<String> classNames = List.of();

  @Option(
      names = "--output",
      paramLabel = "<uri>",
      description = {
        "Where the model, the checkpoints and the report go: a path or a file or gs URI. The"
            + " same output continues an unfinished run.",
        "Default: runs/custom-cnn-..., named by the network and the time."
      })
  Optional<String> output;

  @Option(
      names = "--resume-from",
      paramLabel = "<uri>",
      description = {
        "Output of another run, to start from its newest complete checkpoint: a path or a file"
            + " or gs URI; may come several times, and the first run that has one is the start.",
        "Default: none."
      })
  List<String> resumeFrom = List.of();

  @Option(
      names = "--preset",
      paramLabel = "<name>",
      description = {
        "Settings to start from. default is the default recipe, fast trains a good model in few"
            + " epochs.",
        "One of: default or fast. Default: default."
      },
      defaultValue = Presets.DEFAULT)
  String preset;

  @Option(
      names = "--config",
      paramLabel = "<file>",
      description = {
        "YAML or JSON file of settings, as --print-config writes it. It overrides the preset,"
            + " and options override both.",
        "Default: none."
      })
  Optional<Path> config;

  @Option(
      names = "--print-config",
      description = "Print the settings that the run would have, as YAML, and exit.")
  boolean printConfig;

  @Option(
      names = "--threads",
      paramLabel = "<integer>",
      description = {
        "CPU threads to train with.",
        "Range: 1 to 1024. Default: the CPUs that the process may use, a container's limit counted."
      })
  Optional<String> threads;

  @Option(
      names = "--log-format",
      paramLabel = "<name>",
      description = {
        "Auto shows a progress bar on a terminal, and else writes one JSON object a line.",
        "One of: Auto, Json or Text. Default: Auto."
      },
      defaultValue = "Auto")
  String logFormat;

  @Option(
      names = "--attempt",
      paramLabel = "<integer>",
      description = {
        "Which attempt at the job this is, for the report.",
        "Range: 1 to 1000000. Default: 1."
      },
      defaultValue = "1")
  String attempt;

  @Option(
      names = "--label",
      paramLabel = "<name>=<value>",
      description = {
        "What to say in report.html about this run, as in job=team-a/shirts; may come several"
            + " times.",
        "Default: none."
      })
  Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--earlier-attempt",
      paramLabel = "<number>,<placement>,<state>,<reason>",
      description = {
        "What to say in report.html about an attempt before this one, as in"
            + " 1,us-west1,OutOfCapacity,QuotaExceeded; may come several times.",
        "Default: none."
      })
  List<String> earlierAttempts = List.of();

  @Option(
      names = "--progress-url",
      paramLabel = "<url>",
      description = {
        "Post the report there while training: an http or https URL. Training does not wait for"
            + " the receiver.",
        "Default: none."
      })
  Optional<String> progressUrl;

  @Option(
      names = "--progress-token-file",
      paramLabel = "<file>",
      description = {
        "File with the bearer token for --progress-url, read anew for each post.",
        "Default: none."
      })
  Optional<Path> progressTokenFile;

  @Option(
      names = "--progress-ca-file",
      paramLabel = "<file>",
      description = {
        "PEM file of the authorities to trust for --progress-url.",
        "Default: the Java runtime's."
      })
  Optional<Path> progressCaFile;

  @Option(
      names = "--termination-log",
      paramLabel = "<file>",
      description = {
        "File for the run's result or error, at most 4096 bytes, as Kubernetes reads it from"
            + " /dev/termination-log.",
        "Default: none."
      })
  Optional<Path> terminationLog;

  @Mixin final TrackingOptions tracking = new TrackingOptions();
}
