package io.fashionmnist.training.emulator.config;

import io.fashionmnist.training.emulator.config.ExecutorSettings.KubernetesSettings;
import io.fashionmnist.training.emulator.config.ExecutorSettings.ProcessSettings;
import io.fashionmnist.training.emulator.config.ExecutorSettings.Scripted;
import io.fashionmnist.training.emulator.executor.PodSettings;
import io.fashionmnist.training.emulator.executor.Script;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads what does the work of jobs. */
final class ExecutorReader {
  private ExecutorReader() {}

  static ExecutorSettings read(Section section) {
    ExecutorKind kind = section.oneOf("type", ExecutorKind.class).orElse(ExecutorKind.SCRIPTED);
    ExecutorSettings settings =
        switch (kind) {
          case SCRIPTED -> new Scripted(section.list("scripts", ExecutorReader::script));
          case PROCESS -> process(section);
          case KUBERNETES -> kubernetes(section);
        };
    section.end();
    return settings;
  }

  private static ProcessSettings process(Section section) {
    ProcessSettings base = ProcessSettings.DEFAULT;
    List<String> command = section.texts("command");
    return new ProcessSettings(
        command.isEmpty() ? base.command() : command,
        section.text("logs").map(Path::of),
        section.duration("grace").orElse(base.grace()),
        section.textMap("environment"));
  }

  private static KubernetesSettings kubernetes(Section section) {
    PodSettings base = KubernetesSettings.DEFAULT.pods();
    return new KubernetesSettings(
        new PodSettings(
            section.text("namespace").orElse(base.namespace()),
            section.whole("maxCpus", 1, 1024).map(Long::intValue).orElse(base.maxCpus()),
            section
                .whole("maxMemoryMib", 64, 16_777_216)
                .map(Long::intValue)
                .orElse(base.maxMemoryMib()),
            section.duration("grace").orElse(base.grace()),
            section.textMap("environment")));
  }

  private static Optional<Script> script(Section section) {
    Script base = Script.DEFAULT;
    return Optional.of(
        new Script(
            section.text("displayName"),
            section.textMap("labels"),
            section.text("machineType"),
            section.duration("queued").orElse(base.queued()),
            section.duration("pending").orElse(base.pending()),
            section.duration("running").orElse(base.running()),
            section.duration("cancelling").orElse(base.cancelling()),
            section.whole("exitCode", 0, 255).map(Long::intValue).orElse(base.exitCode())));
  }
}
