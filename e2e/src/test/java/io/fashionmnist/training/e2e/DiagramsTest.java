package io.fashionmnist.training.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.testing.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mermaid understands every diagram of the documentation. */
@Timeout(120)
class DiagramsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String JAR = "/META-INF/maven/org.webjars.npm/mermaid/pom.properties";
  private static final String BUNDLE = "/META-INF/resources/webjars/mermaid/%s/dist/mermaid.min.js";

  @Test
  void mermaidUnderstandsEveryDiagram(@TempDir Path folder, @TempDir Path profile)
      throws Exception {
    Optional<String> chromium = Browser.installed();
    assumeTrue(chromium.isPresent(), "CHROMIUM does not name a Chromium: no page is opened.");
    Files.write(folder.resolve("mermaid.js"), bundle());
    Path page =
        Files.writeString(folder.resolve("page.html"), "<script src=\"mermaid.js\"></script>");
    List<String> wrong = new ArrayList<>();
    int diagrams = 0;
    try (Browser browser = Browser.start(chromium.get(), profile)) {
      browser.open(page.toUri(), new Browser.View(800, 600, "light", false));
      for (Path file : MarkdownPage.below(ROOT)) {
        for (String diagram : MarkdownPage.read(file).diagrams()) {
          diagrams++;
          String trouble =
              browser
                  .evaluate(
                      "mermaid.parse(%s).then(() => '', error => String(error))"
                          .formatted(new ObjectMapper().writeValueAsString(diagram)))
                  .asText();
          if (!trouble.isEmpty()) {
            wrong.add(ROOT.relativize(file) + ": " + trouble);
          }
        }
      }
    }
    assertThat(diagrams).isGreaterThan(8);
    assertThat(wrong).isEmpty();
  }

  private static byte[] bundle() throws IOException {
    Properties jar = new Properties();
    try (InputStream file = DiagramsTest.class.getResourceAsStream(JAR)) {
      jar.load(file);
    }
    try (InputStream file =
        DiagramsTest.class.getResourceAsStream(BUNDLE.formatted(jar.getProperty("version")))) {
      return file.readAllBytes();
    }
  }
}
