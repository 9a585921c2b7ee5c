package io.fashionmnist.training.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the documentation tells to type works, as it stands there. */
@ExtendWith(ScenarioTable.class)
@Timeout(1500)
class DocumentationIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The reader's own helm and kubectl, which change nothing and wait for nothing. */
  private static final String DRY =
      """
      (
      export KUBECONFIG=$(hack/cluster.sh kubeconfig)
      helm() { "$(hack/tools.sh helm)" "$@" --dry-run=server > /dev/null; }
      kubectl() {
        case $1 in
          apply | create | delete | patch) hack/cluster.sh kubectl "$@" --dry-run=server ;;
          *) hack/cluster.sh kubectl "${@/#--watch/--ignore-not-found}" ;;
        esac
      }
      %s
      )
      """;

  @Test
  @DisplayName("the tutorial, command by command")
  void tutorial() throws IOException, InterruptedException {
    run("docs/tutorial.md");
  }

  @Test
  @DisplayName("the README's commands")
  void readme() throws IOException, InterruptedException {
    run("README.md");
  }

  /** Runs a page's commands in one shell, which ends at the first that fails. */
  private static void run(String page) throws IOException, InterruptedException {
    List<MarkdownPage.Commands> commands = MarkdownPage.read(ROOT.resolve(page)).commands();
    String script =
        commands.stream()
            .flatMap(DocumentationIT::lines)
            .collect(
                Collectors.joining(
                    "\n",
                    "set -euxo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n",
                    ""));
    assertThat(commands)
        .extracting(MarkdownPage.Commands::run)
        .contains(MarkdownPage.Run.AS_THEY_STAND);
    Path log = Path.of("target", page.replace('/', '-') + ".log");
    Process shell =
        new ProcessBuilder("bash", "-c", script)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(shell.waitFor(20, TimeUnit.MINUTES)).as("ends; see %s", log).isTrue();
    } finally {
      shell.descendants().forEach(ProcessHandle::destroy);
      shell.destroy();
    }
    assertThat(shell.exitValue()).as("%s:%n%s", log, Files.readString(log)).isZero();
  }

  private static Stream<String> lines(MarkdownPage.Commands commands) {
    return switch (commands.run()) {
      case AS_THEY_STAND -> Stream.of(commands.text());
      case DRY -> Stream.of(DRY.formatted(commands.text()));
      case NOT -> Stream.empty();
    };
  }
}
