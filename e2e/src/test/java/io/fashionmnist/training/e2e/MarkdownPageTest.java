package io.fashionmnist.training.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownPageTest {
  @TempDir Path folder;

  @Test
  void knowsLinksAndPictures() throws IOException {
    assertThat(page("[a](b.md) and ![c](d.png)").links()).containsExactly("b.md", "d.png");
  }

  @Test
  void tellsHowCommandsAreRun() throws IOException {
    MarkdownPage page =
        page(
            """
            ```sh
            one
            ```
            <!-- dry run: needs a registry of yours -->
            ```sh
            two
            ```
            <!-- not run: the cluster is needed -->
            ```sh
            three
            ```
            ```yaml
            four: 4
            ```
            """);

    assertThat(page.commands())
        .containsExactly(
            new MarkdownPage.Commands("one\n", MarkdownPage.Run.AS_THEY_STAND),
            new MarkdownPage.Commands("two\n", MarkdownPage.Run.DRY),
            new MarkdownPage.Commands("three\n", MarkdownPage.Run.NOT));
  }

  private MarkdownPage page(String text) throws IOException {
    return MarkdownPage.read(Files.writeString(folder.resolve("page.md"), text));
  }
}
