package io.fashionmnist.training.emulator.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads settings from YAML. Every method throws {@link SettingsException} with all mistakes at
 * once.
 */
public final class SettingsReader {
  private static final ObjectMapper YAML = new YAMLMapper();

  private SettingsReader() {}

  /** Reads a settings file's text. */
  public static EmulatorSettings read(String yaml) {
    return read(yaml, EmulatorSettings.defaults());
  }

  /**
   * Reads a settings file's text.
   *
   * @param base what is not in the text
   */
  public static EmulatorSettings read(String yaml, EmulatorSettings base) {
    List<String> problems = new ArrayList<>();
    Section top = new Section(tree(yaml), "", problems);
    EmulatorSettings settings =
        new EmulatorSettings(
            top.text("host").orElse(base.host()),
            top.whole("port", 0, 65535).map(Long::intValue).orElse(base.port()),
            top.textMap("projects"),
            top.text("endpointRegion"),
            quotas(top.section("quotas")),
            top.oneOf("overQuota", OverQuota.class).orElse(base.overQuota()),
            top.duration("failsAfter").orElse(base.failsAfter()),
            lowerCase(top.textMap("buckets")),
            uri(top, "storageEmulator"),
            top.list("faults", FaultReader::read),
            top.text("state").map(Path::of),
            top.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
            top.instant("clock"),
            ExecutorReader.read(top.section("executor")));
    top.end();
    return sound(problems, settings);
  }

  /** Reads one rule of faults, such as the administration gets. */
  public static FaultRule fault(String yaml) {
    List<String> problems = new ArrayList<>();
    Section section = new Section(tree(yaml), "", problems);
    Optional<FaultRule> rule = FaultReader.read(section);
    section.end();
    return sound(problems, rule).orElseThrow();
  }

  /** Reads a rule from a flag: {@code stockout,region=us-central1,delay=30s,count=2}. */
  public static FaultRule faultFlag(String text) {
    String[] parts = text.split(",(?=[a-z]+=)");
    ObjectNode node = YAML.createObjectNode().put("fault", parts[0]);
    List<String> problems = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      switch (pair[0]) {
        case "count", "probability" -> number(node, pair[0], pair[1], problems);
        default -> node.put(pair[0], pair[1]);
      }
    }
    Section section = new Section(node, "", problems);
    Optional<FaultRule> rule = FaultReader.read(section);
    section.end();
    return sound(problems, rule).orElseThrow();
  }

  /** Reads limits from a flag: {@code us-central1/custom_model_training_cpus=0}. */
  public static QuotaLimit quotaFlag(String text) {
    int slash = text.indexOf('/');
    int equals = text.indexOf('=');
    if (slash < 1 || equals < slash + 2 || !text.substring(equals + 1).matches("-1|\\d{1,15}")) {
      throw new SettingsException(
          List.of(
              "\""
                  + text
                  + "\" must be REGION/METRIC=LIMIT, such as"
                  + " us-central1/custom_model_training_cpus=42; * is every region, -1 no limit"));
    }
    return new QuotaLimit(
        text.substring(0, slash),
        metric(text.substring(slash + 1, equals)),
        Long.parseLong(text.substring(equals + 1)));
  }

  /** Reads limits as {@code {region: {metric: limit}}}. */
  public static List<QuotaLimit> quotas(String yaml) {
    List<String> problems = new ArrayList<>();
    return sound(problems, quotas(new Section(tree(yaml), "", problems)));
  }

  private static List<QuotaLimit> quotas(Section regions) {
    List<QuotaLimit> limits = new ArrayList<>();
    for (String region : regions.keys()) {
      Section metrics = regions.section(region);
      for (String metric : metrics.keys()) {
        metrics
            .whole(metric, QuotaLimit.UNLIMITED, Long.MAX_VALUE)
            .ifPresent(value -> limits.add(new QuotaLimit(region, metric(metric), value)));
      }
    }
    return limits;
  }

  private static String metric(String text) {
    return text.substring(text.indexOf('/') + 1);
  }

  private static Map<String, String> lowerCase(Map<String, String> locations) {
    Map<String, String> lower = new TreeMap<>();
    locations.forEach((bucket, location) -> lower.put(bucket, location.toLowerCase(Locale.ROOT)));
    return lower;
  }

  private static Optional<URI> uri(Section section, String key) {
    Optional<String> text = section.text(key);
    if (text.isPresent() && !text.get().matches("https?://[^\\s/]+/?")) {
      section.problem(
          key, "is \"" + text.get() + "\", must be an address such as http://localhost:4443");
      return Optional.empty();
    }
    return text.map(URI::create);
  }

  private static void number(ObjectNode node, String key, String text, List<String> problems) {
    try {
      node.set(key, YAML.readTree(text));
    } catch (JsonProcessingException e) {
      problems.add(key + " must be a number");
    }
  }

  private static JsonNode tree(String yaml) {
    try {
      JsonNode tree = YAML.readTree(yaml);
      return tree == null || tree.isNull() ? MissingNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw new SettingsException(
          List.of(
              "this is no YAML, at line "
                  + where.getLineNr()
                  + ", column "
                  + where.getColumnNr()
                  + ": "
                  + e.getOriginalMessage().lines().findFirst().orElse("")));
    }
  }

  private static <T> T sound(List<String> problems, T value) {
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return value;
  }
}
