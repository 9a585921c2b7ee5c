package io.fashionmnist.training.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A training that takes a few seconds, and what it leaves behind. */
final class SmallTraining {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SmallTraining() {}

  /** The command line; options given later win. */
  static String[] command(Object data, Object output, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "train",
                "--data=" + data,
                "--output=" + output,
                "--model.filters=4,8",
                "--model.dense-units=16",
                "--batch-size=32",
                "--threads=2",
                "--precision=Float32",
                "--optimizer.learning-rate=0.01",
                "--early-stopping.patience=0",
                "--augmentation.horizontal-flip=false",
                "--epochs=3"));
    command.addAll(Arrays.asList(more));
    return command.toArray(String[]::new);
  }

  /** Every file below a directory, by its path there. */
  static List<String> files(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** Names of the checkpoints that have a manifest, the oldest first. */
  static List<String> checkpoints(Path output) throws IOException {
    return files(output.resolve("checkpoints")).stream()
        .filter(file -> file.endsWith("/manifest.json"))
        .map(file -> file.substring(0, file.indexOf('/')))
        .toList();
  }

  /** A checkpoint's weights, moments and best weights. */
  static byte[] variables(Path output, String checkpoint) throws IOException {
    return Files.readAllBytes(
        output.resolve("checkpoints").resolve(checkpoint).resolve("variables.data-00000-of-00001"));
  }

  /** The finished model's weights. */
  static byte[] modelVariables(Path output) throws IOException {
    return Files.readAllBytes(output.resolve("model/variables/variables.data-00000-of-00001"));
  }

  /** The objects of a JSON log, one a line. */
  static List<JsonNode> log(String out) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
