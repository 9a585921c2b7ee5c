package io.fashionmnist.training.trainer.page;

import com.samskivert.mustache.DefaultCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Iterator;
import java.util.Optional;
import java.util.Properties;

/**
 * Makes the page: one file with its style sheet, its scripts and its pictures in it.
 *
 * <p>The charts are <a href="https://github.com/leeoniya/uPlot">uPlot</a>'s. The page's content
 * security policy lets no script run but these, by their hash, and nothing be loaded from anywhere:
 * were there ever a hole in the escaping, nothing would come of it.
 */
public final class ReportPage {
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/%s/%s";

  /** The page's frame and what is the same on every page. */
  private record Frame(
      PageView page,
      String style,
      String script,
      String scriptHash,
      String data,
      String chartsVersion,
      String chartsLicence) {}

  /** The page as HTML. */
  public String html(RunSummary run) {
    PageView page = PageView.of(run);
    String charts = chartsVersion();
    String script =
        resource(CHARTS.formatted(charts, "dist/uPlot.iife.min.js")) + resource("report.js");
    String style =
        resource(CHARTS.formatted(charts, "dist/uPlot.min.css")) + resource("report.css");
    return template()
        .execute(
            new Frame(
                page,
                style,
                script,
                sha256(script),
                page.chartData().json(),
                charts,
                resource(CHARTS.formatted(charts, "LICENSE"))));
  }

  private static Template template() {
    return Mustache.compiler()
        .escapeHTML(true)
        .withCollector(new OptionalsToo())
        .compile(resource("report.mustache"));
  }

  /** Lets a section stand for what may be absent. */
  private static final class OptionalsToo extends DefaultCollector {
    @Override
    public Iterator<?> toIterator(Object value) {
      return value instanceof Optional<?> optional
          ? optional.stream().iterator()
          : super.toIterator(value);
    }
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String chartsVersion() {
    Properties versions = new Properties();
    try (Reader in = new InputStreamReader(open("version.properties"), StandardCharsets.UTF_8)) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions.getProperty("uplot");
  }

  private static String resource(String name) {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = ReportPage.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("the program's files lack " + name);
    }
    return in;
  }
}
