package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.testing.Browser;
import io.fashionmnist.training.trainer.cli.ProgramRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reader of {@code report.html} sees; the pictures stay in target/report-page. */
class ReportInBrowserTest {
  private static final Path PICTURES = Path.of("target/report-page");
  private static final String HOSTILE = "<img src=x onerror=\"document.title='broken'\">";
  private static final List<String> NAMES =
      List.of(
          "minus",
          "pipe",
          "down",
          "up",
          "disc & ring",
          "</script>",
          "{{plus}}",
          "frame 'n' \"box\"");

  @TempDir static Path shared;

  private static Browser browser;
  private static Path output;

  @BeforeAll
  static void trainAndStartTheBrowser() throws Exception {
    Optional<String> chromium = Browser.installed();
    assumeTrue(chromium.isPresent(), "CHROMIUM does not name a Chromium: no page is opened.");
    browser = Browser.start(chromium.get(), shared.resolve("profile"));
    Path data = SmallDataset.shapes().writeTo(shared.resolve("data"));
    Files.write(data.resolve("class-names.txt"), NAMES);
    output =
        train(
            data,
            "output",
            "--label=job=" + HOSTILE,
            "--attempt=3",
            "--label=placement=us-central1",
            "--earlier-attempt=1,us-west1,OutOfCapacity,QuotaExceeded",
            "--earlier-attempt=2," + HOSTILE + ",Failed,OutOfMemory");
  }

  private static Path train(Path data, String name, String... more) {
    Path to = shared.resolve(name);
    ProgramRun run = ProgramRun.of(Map.of(), command(data, to, more));
    assertThat(run.exitCode()).as("%s", run).isZero();
    return to;
  }

  @AfterAll
  static void stopTheBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "light, 1280, 900, light, false",
    "dark, 1280, 900, dark, false",
    "phone, 390, 844, light, true",
    "phone-dark, 360, 740, dark, true"
  })
  void opensOfflineAndFitsTheScreen(
      String name, int width, int height, String scheme, boolean phone) throws Exception {
    open(output, name, new Browser.View(width, height, scheme, phone));

    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").textValue())
        .isEqualTo(scheme.equals("dark") ? "rgb(16, 21, 28)" : "rgb(246, 247, 249)");
    assertThat(browser.barriers()).isEmpty();
  }

  @Test
  void showsWhatTheTrainingBrought() throws Exception {
    open(output, "light", new Browser.View(1280, 900, "light", false));
    TrainingReport report =
        new ObjectMapper().readValue(output.resolve("report.json").toFile(), TrainingReport.class);

    assertThat(texts(".headlines dd").getFirst())
        .isEqualTo(String.format(Locale.ROOT, "%.2f%%", 100 * report.test().accuracy()));
    assertThat(texts(".matrix tbody th")).isEqualTo(NAMES);
    assertThat(texts(".matrix td .count"))
        .isEqualTo(
            report.confusionMatrix().stream().flatMap(List::stream).map(String::valueOf).toList());
    assertThat(texts(".classes tbody th")).isEqualTo(NAMES);
    assertThat(texts("#run ~ div dd")).contains(HOSTILE);
    assertThat(texts(".attempts tbody tr"))
        .containsExactly(
            "1us-west1OutOfCapacityQuotaExceeded",
            "2" + HOSTILE + "FailedOutOfMemory",
            "3us-central1Finishedthis report");
    assertThat(browser.evaluate("document.title").textValue()).isEqualTo("output – Finished");
    // All charts are drawn, and all pictures are pictures.
    assertThat(
            browser.evaluate(
                """
                [...document.querySelectorAll(".chart canvas")].map(c => c.getContext("2d")
                  .getImageData(0, 0, c.width, c.height).data.some(byte => byte > 0))
                """))
        .hasSize(5)
        .allMatch(JsonNode::booleanValue);
    long wrong =
        IntStream.range(0, NAMES.size())
            .map(c -> report.perClass().get(c).support() - report.confusionMatrix().get(c).get(c))
            .sum();
    assertThat(browser.evaluate("[...document.images].map(image => image.naturalWidth)"))
        .hasSize((int) Math.min(24, wrong))
        .allMatch(pixels -> pixels.intValue() == 16);
  }

  @Test
  void ratesReplaceCountsAtAClick() throws Exception {
    open(output, "light", new Browser.View(1280, 900, "light", false));

    browser.evaluate("document.getElementById('cells-rates').click()");

    assertThat(visible(".matrix td .rate")).isEqualTo(64);
    assertThat(visible(".matrix td .count")).isZero();
  }

  @Test
  void manyClassesAndLargeImagesStayReadable() throws Exception {
    Path data =
        SmallDataset.shapes().withSide(200).withLabels(i -> i % 80).writeTo(shared.resolve("many"));
    Files.write(
        data.resolve("class-names.txt"),
        IntStream.range(0, 80).mapToObj(c -> "a-class-with-quite-a-long-name-" + c).toList());
    Path many = train(data, "many-output", "--epochs=1");

    open(many, "many-classes", new Browser.View(390, 844, "light", true));

    assertThat(Files.size(many.resolve("report.html"))).isLessThan(400_000);
    assertThat(texts(".classes tbody th")).hasSize(32);
    assertThat(browser.evaluate("document.querySelectorAll('.matrix').length").intValue()).isZero();
    assertThat(browser.evaluate("document.images[0].naturalWidth").intValue()).isEqualTo(67);
  }

  /** Opens a run's page, and sees that it opens as every page of ours has to. */
  private static void open(Path run, String picture, Browser.View view) throws Exception {
    Path page = run.resolve("report.html");
    browser.open(page.toUri(), view);
    browser.screenshot(PICTURES.resolve(picture + ".png"));

    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests().stream().filter(url -> !url.startsWith("data:")))
        .containsExactly(page.toUri().toString());
    assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
        .isLessThanOrEqualTo(view.width());
  }

  private static List<String> texts(String selector) throws Exception {
    JsonNode found =
        browser.evaluate(
            "[...document.querySelectorAll(%s)].map(element => element.textContent)"
                .formatted(new ObjectMapper().writeValueAsString(selector)));
    return found.valueStream().map(JsonNode::textValue).collect(Collectors.toList());
  }

  private static int visible(String selector) throws Exception {
    return browser
        .evaluate(
            "[...document.querySelectorAll('%s')].filter(e => e.getClientRects().length > 0).length"
                .formatted(selector))
        .intValue();
  }
}
