package io.fashionmnist.training.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.config.ExecutorSettings.ProcessSettings;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line. */
class EmulatorCommandTest {
  private final List<EmulatorSettings> launched = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void optionsWinOverTheFile(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("emulator.yaml");
    Files.writeString(
        config,
        "port: 9000\nquotas: {us-central1: {custom_model_training_cpus: 42}}\noverQuota: queue\n");
    assertThat(
            run(
                "--config",
                config.toString(),
                "--quota=us-central1/custom_model_training_cpus=0",
                "--over-quota=fail",
                "--executor=process",
                "--fault=stockout,region=us-west1"))
        .isZero();
    EmulatorSettings settings = launched.getFirst();
    assertThat(settings.port()).isEqualTo(9000);
    assertThat(settings.overQuota()).isEqualTo(OverQuota.FAIL);
    assertThat(settings.quotas().getLast())
        .isEqualTo(new QuotaLimit("us-central1", "custom_model_training_cpus", 0));
    assertThat(settings.executor()).isEqualTo(ProcessSettings.DEFAULT);
    assertThat(settings.faults().getFirst().fault().kind()).isEqualTo(FaultKind.STOCKOUT);
  }

  @Test
  void aPortOfTheFileIsTakenEvenIfItIsAnyFreeOne(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("emulator.yaml");
    Files.writeString(config, "port: 0\n");
    run("--config", config.toString());
    Files.writeString(config, "overQuota: queue\n");
    run("--config", config.toString());
    run();

    assertThat(launched).extracting(EmulatorSettings::port).containsExactly(0, 8085, 8085);
  }

  @Test
  void allMistakesOfFileAndOptionsAreTold(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("emulator.yaml");
    Files.writeString(config, "ports: 9000\noverQuota: never\n");
    assertThat(run("--config", config.toString(), "--quota=cpus", "--fault=fire", "--port=70000"))
        .isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(5).allMatch(l -> l.startsWith("vertex-emulator: "));
    assertThat(launched).isEmpty();
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("--quota", "--over-quota", "--state", "--fault", "--executor");
    assertThat(run("--over-quota=never")).isEqualTo(2);
  }

  private int run(String... arguments) {
    return EmulatorCommand.commandLine(
            new PrintWriter(out, true), new PrintWriter(err, true), launched::add)
        .execute(arguments);
  }
}
