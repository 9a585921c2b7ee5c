package io.fashionmnist.training.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.ScheduleType;
import io.fashionmnist.training.api.training.TrainingConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  @TempDir Path folder;
  private final Terminal terminal = new Terminal();

  @Test
  void optionsWinOverTheFileAndTheFileOverThePreset() throws IOException {
    Path file = write("c.yaml", "batchSize: 32\noptimizer:\n  clipNorm: 2\nmodel: {filters: [8]}");

    TrainingConfig config =
        terminal.request("train", "--batch-size=16", "--config=" + file, "--preset=fast").config();

    assertThat(config.batchSize()).isEqualTo(16);
    assertThat(config.model().filters()).containsExactly(8);
    assertThat(config.optimizer().clipNorm()).isEqualTo(2.0);
    assertThat(config.optimizer().learningRate()).isEqualTo(0.002);
    assertThat(config.schedule().type()).isEqualTo(ScheduleType.ONE_CYCLE);
    assertThat(config.optimizer().weightDecay()).isEqualTo(0.00001);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "{}", "epochs:\n", "model:\n"})
  void whatIsEmptyTakesItsDefault(String text) throws IOException {
    Path file = write("c.yaml", text);

    assertThat(terminal.request("train", "--config", file.toString()).config())
        .isEqualTo(TrainingConfig.defaults());
  }

  @Test
  void jsonIsReadToo() throws IOException {
    Path file =
        write("c.json", "{\n\t\"epochs\": 3,\n\t\"optimizer\": {\"learningRate\": 1e-2}\n}");

    TrainingConfig config = terminal.request("train", "--config", file.toString()).config();

    assertThat(config.epochs()).isEqualTo(3);
    assertThat(config.optimizer().learningRate()).isEqualTo(0.01);
  }

  @Test
  void whatIsPrintedReadsBackTheSame() throws IOException {
    assertThat(
            terminal.run(
                "train",
                "--print-config",
                "--preset=fast",
                "--seed=9007199254740991",
                "--optimizer.weight-decay=1.25e-7"))
        .isZero();
    assertThat(terminal.requests).isEmpty();
    assertThat(terminal.out()).contains("weightDecay: 0.000000125");
    Path file = write("c.yaml", terminal.out());

    TrainingConfig config = terminal.request("train", "--config", file.toString()).config();

    assertThat(config)
        .isEqualTo(
            new Terminal()
                .request(
                    "train",
                    "--preset=fast",
                    "--seed=9007199254740991",
                    "--optimizer.weight-decay=0.000000125")
                .config());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          epoch: 3                        | epoch is 3: no such setting; did you mean epochs?
          model: {layers: 3}              | model.layers is 3: no such setting
          optimizer: {learninRate: 3}     | optimizer.learninRate is 3: no such setting; did you mean optimizer.learningRate?
          epochs: many                    | epochs is "many": must be a whole number
          epochs: 0                       | epochs is 0: must be at least 1 and at most 10000
          model: 3                        | model is 3: must be a group of settings, as in model: {filters: [32,64,128]}
          model: {filters: []}            | model.filters is []: must have 1 to 8 entries
          schedule: {type: onecycle}      | schedule.type is "onecycle": must be ReduceOnPlateau, OneCycle, Cosine or Constant
          """)
  void aBadSettingIsToldWithItsPath(String text, String message) throws IOException {
    Path file = write("c.yaml", text);

    assertThat(terminal.run("train", "--config", file.toString())).isEqualTo(2);
    assertThat(terminal.err().lines())
        .containsExactly(
            "fashion-trainer: " + file + ": " + message, "See 'fashion-trainer train --help'.");
    assertThat(terminal.requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          epochs: 3\\n  seed: 4   | :2:7: mapping values are not allowed here
          model: {filters: [1,   | :1:21: expected the node content, but found '<stream end>'
          epochs: 3\\nepochs: 4   | :2:7: Duplicate field 'epochs'
          epochs: 3\\n---\\nseed: 4| :3:1: only one document is allowed
          epochs: @3             | :1:9: found character '@' that cannot start any token. (Do not use @ for indentation)
          - 3                    | : must be settings, as in epochs: 10
          epochs                 | : must be settings, as in epochs: 10
          """)
  void badYamlIsToldWithItsPlace(String text, String message) throws IOException {
    Path file = write("c.yaml", text.replace("\\n", "\n"));

    assertThat(terminal.run("train", "--config", file.toString())).isEqualTo(2);
    assertThat(terminal.err().lines()).containsExactly("fashion-trainer: " + file + message);
  }

  @Test
  void badJsonIsToldWithItsPlace() throws IOException {
    Path file = write("c.json", "{\"epochs\": 3,\n \"seed\" 4}");

    assertThat(terminal.run("train", "--config", file.toString())).isEqualTo(2);
    assertThat(terminal.err()).hasLineCount(1).contains(file + ":2:", "colon");
  }

  @Test
  void aFileThatCannotBeReadIsTold() throws IOException {
    Path latin1 = folder.resolve("latin1.yaml");
    Files.write(latin1, "# f\u00fcr\n".getBytes(StandardCharsets.ISO_8859_1));
    List<Path> files = List.of(folder.resolve("missing.yaml"), folder, latin1);

    for (Path file : files) {
      assertThat(terminal.run("train", "--config", file.toString())).isEqualTo(2);
    }
    assertThat(terminal.err().lines())
        .containsExactly(
            "fashion-trainer: --config: there is no file " + files.get(0),
            "fashion-trainer: --config: cannot read " + folder + ": it is a directory",
            "fashion-trainer: --config: " + latin1 + " is not UTF-8 text");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
