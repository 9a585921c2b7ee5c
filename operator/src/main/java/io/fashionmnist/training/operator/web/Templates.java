package io.fashionmnist.training.operator.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Variant;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes HTML of what is shown. Every value is escaped; a name that a template misspells fails. */
final class Templates {
  private static final String HTML = "text/html";
  private static final List<String> FILES =
      List.of("page", "jobs", "job", "quota", "login", "notice");

  private final Engine engine =
      Engine.builder()
          .addDefaults()
          .addValueResolver(new ReflectionValueResolver())
          .addResultMapper(new HtmlEscaper(List.of(HTML)))
          .removeStandaloneLines(true)
          .build();
  private final ObjectMapper json = new ObjectMapper();

  Templates() {
    FILES.forEach(
        name ->
            engine.putTemplate(
                name,
                engine.parse(
                    new String(Asset.read(name + ".html"), StandardCharsets.UTF_8),
                    Variant.forContentType(HTML),
                    name)));
  }

  String jobs(JobsPage page) {
    return engine.getTemplate("jobs").data("page", page).render();
  }

  String job(JobPage page) {
    try {
      return engine
          .getTemplate("job")
          .data("page", page, "curve", json.writeValueAsString(page.curve()))
          .render();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  String quota(QuotaPage page) {
    return engine.getTemplate("quota").data("page", page).render();
  }

  /**
   * @param complaint why the token was not taken; empty the first time
   */
  String login(String complaint) {
    return engine.getTemplate("login").data("complaint", complaint).render();
  }

  /** Something else than what was asked for. */
  String notice(String title, String text) {
    return notice(title, text, "");
  }

  /**
   * Something else than what was asked for, and the question for which namespace it may be.
   *
   * @param elsewhere the path that takes a namespace
   */
  String notice(String title, String text, String elsewhere) {
    return engine
        .getTemplate("notice")
        .data("title", title, "text", text, "elsewhere", elsewhere)
        .render();
  }
}
