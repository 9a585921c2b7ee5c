package io.fashionmnist.training.emulator.cli;

import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.config.ExecutorKind;
import io.fashionmnist.training.emulator.config.ExecutorSettings;
import io.fashionmnist.training.emulator.config.SettingsException;
import io.fashionmnist.training.emulator.config.SettingsReader;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Puts options over the settings file and finds all mistakes of both. */
final class CommandSettings {
  private static final EmulatorSettings USUAL = EmulatorSettings.defaults().withPort(8085);

  private final List<String> problems = new ArrayList<>();

  private CommandSettings() {}

  static EmulatorSettings of(
      Optional<Path> config,
      Optional<String> host,
      Optional<Integer> port,
      List<String> quotas,
      Optional<OverQuota> overQuota,
      Optional<ExecutorKind> executor,
      List<String> faults,
      Optional<Path> state) {
    CommandSettings reading = new CommandSettings();
    EmulatorSettings base = reading.file(config);
    List<QuotaLimit> limits = new ArrayList<>(base.quotas());
    limits.addAll(reading.all("--quota", quotas, SettingsReader::quotaFlag));
    List<FaultRule> rules = new ArrayList<>(base.faults());
    rules.addAll(reading.all("--fault", faults, SettingsReader::faultFlag));
    int chosen = port.orElse(base.port());
    if (chosen < 0 || chosen > 65535) {
      reading.problems.add("--port is " + chosen + ", must be from 0 to 65535");
    }
    if (!reading.problems.isEmpty()) {
      throw new SettingsException(reading.problems);
    }
    return new EmulatorSettings(
        host.orElse(base.host()),
        chosen,
        base.projects(),
        base.endpointRegion(),
        limits,
        overQuota.orElse(base.overQuota()),
        base.failsAfter(),
        base.buckets(),
        base.storageEmulator(),
        rules,
        state.or(base::state),
        base.seed(),
        base.clock(),
        executor.map(kind -> ofKind(kind, base.executor())).orElse(base.executor()));
  }

  private EmulatorSettings file(Optional<Path> config) {
    if (config.isPresent()) {
      try {
        return SettingsReader.read(Files.readString(config.get()), USUAL);
      } catch (IOException e) {
        problems.add("--config: cannot read " + config.get());
      } catch (SettingsException e) {
        e.problems().forEach(problem -> problems.add(config.get() + ": " + problem));
      }
    }
    return USUAL;
  }

  private <T> List<T> all(String option, List<String> texts, Function<String, T> read) {
    List<T> all = new ArrayList<>();
    for (String text : texts) {
      try {
        all.add(read.apply(text));
      } catch (SettingsException e) {
        e.problems().forEach(problem -> problems.add(option + " " + text + ": " + problem));
      }
    }
    return all;
  }

  /** The file's settings of an executor of this kind, else the kind's own. */
  private static ExecutorSettings ofKind(ExecutorKind kind, ExecutorSettings base) {
    return switch (kind) {
      case SCRIPTED ->
          base instanceof ExecutorSettings.Scripted
              ? base
              : new ExecutorSettings.Scripted(List.of());
      case PROCESS ->
          base instanceof ExecutorSettings.ProcessSettings
              ? base
              : ExecutorSettings.ProcessSettings.DEFAULT;
      case KUBERNETES ->
          base instanceof ExecutorSettings.KubernetesSettings
              ? base
              : ExecutorSettings.KubernetesSettings.DEFAULT;
    };
  }
}
