package io.fashionmnist.training.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What docs/kubectl-fashion.md shows is what the plugin prints. */
class DocumentationTest {
  @Test
  void showsAPlanAsItIsPrinted() throws IOException {
    assertThat(Files.readString(Path.of("../docs/kubectl-fashion.md")))
        .contains(
            "\n```\n"
                + Files.readString(Path.of("src/test/resources/golden/plan.txt")).strip()
                + "\n```\n");
  }
}
