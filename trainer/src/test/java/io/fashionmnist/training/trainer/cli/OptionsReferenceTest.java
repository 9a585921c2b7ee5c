package io.fashionmnist.training.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** docs/trainer-options.md is what the program takes; {@code make generate} writes it. */
class OptionsReferenceTest {
  private static final Path CHECKED_IN = Path.of("../docs/trainer-options.md");

  private final CommandSpec command = new TrainCommand(_ -> 0, Map.of(), Clock.systemUTC()).spec();

  @Test
  void theReferenceIsTheCommand() throws IOException {
    String generated = generate();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(CHECKED_IN, generated);
    }
    assertThat(CHECKED_IN).content().as("run `make generate`").isEqualTo(generated);
  }

  @Test
  void everyOptionIsThereOnce() throws IOException {
    String page = generate();

    assertThat(command.options())
        .extracting(OptionSpec::longestName)
        .allSatisfy(name -> assertThat(page).containsOnlyOnce("\n| `" + name).doesNotContain("%%"));
  }

  private String generate() {
    StringBuilder text =
        new StringBuilder(
            """
            # The trainer's options

            Of `fashion-trainer train`. Made from the program by `make generate`; `fashion-trainer train --help` says the same, and [the trainer](trainer.md) what they mean together. The sections from "%s" on are the training's configuration: the same names, in camel case and by section, are in a `--config` file and in a job's [`spec.training`](api.md#spec).
            """
                .formatted(title(command.argGroups().getFirst())));
    List<OptionSpec> grouped =
        command.argGroups().stream().flatMap(group -> group.options().stream()).toList();
    section(
        "Run",
        "Where the data and the results are, and how the run reports.",
        command.options().stream().filter(option -> !grouped.contains(option)),
        text);
    for (ArgGroupSpec group : command.argGroups()) {
      section(title(group), about(group), group.options().stream(), text);
    }
    return text.toString();
  }

  private static void section(
      String title, String about, Stream<OptionSpec> options, StringBuilder text) {
    text.append("\n## %s\n\n%s\n\n".formatted(title, about));
    text.append("| option | meaning | values |\n|---|---|---|\n");
    options.forEach(option -> text.append(row(option)));
  }

  private static String row(OptionSpec option) {
    List<String> lines =
        Arrays.stream(option.description())
            .map(each -> each.formatted())
            .collect(Collectors.toList());
    // The last line tells range and default, where there are several.
    String values = lines.size() > 1 ? lines.removeLast() : "";
    List<String> names = new ArrayList<>(List.of(option.names()));
    names.remove(option.longestName());
    String also = names.stream().map(", `%s`"::formatted).collect(Collectors.joining());
    return "| `%s%s`%s | %s | %s |\n"
        .formatted(
            option.longestName(),
            option.arity().max() == 0 ? "" : "=" + option.paramLabel(),
            also,
            cell(String.join(" ", lines)),
            cell(values));
  }

  /** A heading is {@code %nTITLE: WHAT IT IS ABOUT%n}. */
  private static String title(ArgGroupSpec group) {
    return heading(group)[0];
  }

  private static String about(ArgGroupSpec group) {
    return heading(group)[1];
  }

  private static String[] heading(ArgGroupSpec group) {
    return group.heading().formatted().strip().split(": ", 2);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "\\<");
  }
}
