package io.fashionmnist.training.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.TrainingOption;
import io.fashionmnist.training.api.training.TrainingSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds the help to the text in {@code src/test/resources/help}. After an intended change, {@code
 * mvn -pl trainer -am test -Dtest=HelpTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dgolden.write=true} writes the new text, to be read before it is committed.
 */
class HelpTest {
  private static final Path GOLDEN = Path.of("src/test/resources/help/train.txt");

  private final Terminal terminal = new Terminal();

  @Test
  void theHelpIsTheOneThatWasRead() throws IOException {
    assertThat(terminal.run("train", "--help")).isZero();

    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(GOLDEN, terminal.out());
    }
    assertThat(terminal.out()).isEqualTo(Files.readString(GOLDEN));
    assertThat(terminal.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void everySettingIsShownWithItsDefault() {
    terminal.run("train", "--help");

    for (TrainingOption option : new TrainingSchema().options()) {
      String name = Pattern.quote(" " + option.name() + "=");
      String value = Pattern.quote("Default: " + option.defaultText() + ".");
      assertThat(terminal.out().replaceAll("\\s+", " "))
          .containsPattern(name + "((?! --).)*" + value);
    }
  }

  @Test
  void theVersionIsTheBuilt() {
    assertThat(terminal.run("--version")).isZero();
    assertThat(terminal.out()).matches("fashion-trainer \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void theProgramListsItsCommands() {
    assertThat(terminal.run("--help")).isZero();
    assertThat(terminal.out()).contains("train  Trains an image classifier");
  }
}
