package io.fashionmnist.training.trainer.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code train --help} says besides the options. */
final class TrainHelp {
  private TrainHelp() {}

  static CommandSpec describe(CommandSpec command) {
    Map<String, String> exitCodes = new LinkedHashMap<>();
    exitCodes.put("0", "The model is trained and written.");
    exitCodes.put("1", "It failed, and may work when tried again.");
    exitCodes.put("2", "The options, the configuration or the data cannot work as they are.");
    exitCodes.put("143", "Interrupted by SIGTERM; the same command continues from the checkpoint.");
    command
        .usageMessage()
        .sortOptions(false)
        .customSynopsis("fashion-trainer train [--data=<uri>] [--output=<uri>] [OPTIONS]%n")
        .description(
            "Trains an image classifier on IDX files and leaves a TensorFlow SavedModel, its test"
                + " metrics and checkpoints behind.")
        .optionListHeading("%nRun: Where the data and the results are.%n")
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(exitCodes)
        .footerHeading("%nExamples:%n")
        .footer(
            "  fashion-trainer train --epochs 2",
            "  fashion-trainer train --preset fast --output /tmp/run",
            "  fashion-trainer train --print-config > config.yaml",
            "  fashion-trainer train --config config.yaml --data gs://bucket/mnist --seed 7");
    return command;
  }
}
