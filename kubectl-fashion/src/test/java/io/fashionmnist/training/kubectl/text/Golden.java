package io.fashionmnist.training.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Texts as they should be, in files; written anew with {@code -Dgolden.write=true}. */
final class Golden {
  static final Screen PLAIN =
      new Screen(new PrintStream(System.out), false, false, Integer.MAX_VALUE, Integer.MAX_VALUE);
  static final Screen TERMINAL = new Screen(new PrintStream(System.out), true, true, 100, 50);

  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {}

  static void check(String name, List<String> lines) throws IOException {
    // Colours are told apart by eye.
    String text = String.join("\n", lines).replace("\u001b", "<ESC>") + "\n";
    Path file = FOLDER.resolve(name + ".txt");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }
}
