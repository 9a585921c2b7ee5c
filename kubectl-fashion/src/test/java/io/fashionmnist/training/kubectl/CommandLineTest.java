package io.fashionmnist.training.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command line comes to before any cluster is asked. */
class CommandLineTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lst | did you mean list?",
        "plan | Missing required option: '--filename=FILE'; kubectl fashion plan --help lists",
        "watch | Missing required parameter: 'JOB'",
        "submit | Missing required argument",
        "submit -f a --from b | mutually exclusive",
        "plan -f nowhere.yaml | nowhere.yaml can't be read: there is no such file",
        "list -o xml | expected one of [text, json]",
        "list --kubeconfig nowhere | --kubeconfig nowhere can't be read",
        "explain-quota --operator-url http://x --kubeconfig KUBECONFIG | must be https://host:port",
        "list --context other --kubeconfig KUBECONFIG | no such context; there are none-there",
        "submit -f - --name x | --name goes with --from",
      })
  void saysInOneLineWhatIsWrong(String line, String message) throws IOException {
    assertThat(run(line.replace("KUBECONFIG", kubeconfig()).split(" "))).isEqualTo(2);

    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("error: ")
        .contains(message)
        .hasLineCount(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void saysThatNoClusterAnswers() throws IOException {
    assertThat(run("list", "--kubeconfig", kubeconfig())).isEqualTo(3);

    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("error: no cluster answers at https://127.0.0.1:1: connection refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plan", "submit", "watch", "list", "logs", "report", "explain-quota"})
  void helps(String command) {
    assertThat(run((command + " --help").strip().split(" "))).isZero();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Usage: kubectl fashion " + command)
        .doesNotContain("\u001b");
  }

  private int run(String... arguments) {
    return Main.run(
        Map.of(),
        InputStream.nullInputStream(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        arguments);
  }

  private String kubeconfig() throws IOException {
    return Files.writeString(
            directory.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: none-there
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            contexts: [{name: none-there, context: {cluster: c, user: u}}]
            users: [{name: u, user: {token: t}}]
            """)
        .toString();
  }
}
