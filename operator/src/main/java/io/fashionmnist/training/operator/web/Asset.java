package io.fashionmnist.training.operator.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;

/**
 * A file that pages ask for.
 *
 * @param name under {@code /assets/}
 * @param type its media type
 */
record Asset(String name, String type, byte[] content) {
  private static final String UPLOT_VERSION =
      "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/%s/dist/%s";

  /** The pages' own, and those of uPlot, which draws the curves. */
  static List<Asset> all() {
    return List.of(
        new Asset("page.css", "text/css", read("page.css")),
        new Asset("page.js", "text/javascript", read("page.js")),
        uplot("uPlot.min.css", "text/css"),
        uplot("uPlot.iife.min.js", "text/javascript"));
  }

  /** A file beside this class, or anywhere when its name begins with a slash. */
  static byte[] read(String name) {
    try (InputStream file = Asset.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("The operator was built without " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Asset uplot(String file, String type) {
    try {
      Properties jar = new Properties();
      jar.load(new StringReader(new String(read(UPLOT_VERSION), StandardCharsets.UTF_8)));
      return new Asset(file, type, read(UPLOT.formatted(jar.getProperty("version"), file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
