package io.fashionmnist.training.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every link within the documentation leads somewhere, and every picture is there. */
class LinksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TestFactory
  Stream<DynamicTest> everyLinkLeadsSomewhere() throws IOException {
    List<Path> pages = MarkdownPage.below(ROOT);
    assertThat(pages).hasSizeGreaterThan(10);
    return pages.stream()
        .map(
            page ->
                DynamicTest.dynamicTest(
                    ROOT.relativize(page).toString(),
                    () -> {
                      List<String> dead =
                          MarkdownPage.read(page).links().stream()
                              .flatMap(link -> trouble(page, link).stream())
                              .toList();
                      assertThat(dead).isEmpty();
                    }));
  }

  /** What is wrong with a link; addresses of other sites are not asked. */
  private static Optional<String> trouble(Path page, String link) {
    URI uri = URI.create(link);
    if (uri.isAbsolute()) {
      return Optional.empty();
    }
    Path target = uri.getPath().isEmpty() ? page : page.resolveSibling(uri.getPath()).normalize();
    if (!Files.exists(target)) {
      return Optional.of(link + ": there is no " + ROOT.relativize(target));
    }
    return Optional.ofNullable(uri.getFragment())
        .filter(anchor -> !MarkdownPage.read(target).anchors().contains(anchor))
        .map(anchor -> link + ": no such heading in " + ROOT.relativize(target));
  }
}
