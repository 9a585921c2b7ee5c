package io.fashionmnist.training.operator.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code kubectl fashion} as a process of its own, as kubectl runs it.
 *
 * @param kubeconfig as whom
 * @param environment NAME=VALUE
 */
record PluginProcess(Path kubeconfig, List<String> environment) {
  private static final Path JAR = Path.of("../kubectl-fashion/target/dist/lib/kubectl-fashion.jar");

  /** What came of a command. */
  record Result(int exitCode, String out, String err) {}

  Result run(String... arguments) {
    try {
      Path directory = Files.createTempDirectory("kubectl-fashion");
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElseThrow());
      command.addAll(
          List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", JAR.toString()));
      command.addAll(List.of(arguments));
      Path out = directory.resolve("out");
      Path err = directory.resolve("err");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      environment.forEach(
          each -> builder.environment().put(each.split("=", 2)[0], each.split("=", 2)[1]));
      Process process = builder.start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("The plugin hangs:\n" + Files.readString(out));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
