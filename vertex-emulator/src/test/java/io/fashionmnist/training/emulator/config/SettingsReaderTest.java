package io.fashionmnist.training.emulator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.Code;
import io.fashionmnist.training.emulator.config.ExecutorSettings.Scripted;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What settings may say, and how all mistakes are told at once. */
class SettingsReaderTest {
  @Test
  void readsEverything() {
    EmulatorSettings settings =
        SettingsReader.read(
            """
            host: 0.0.0.0
            port: 8090
            projects: {my-project: 123456789012}
            endpointRegion: us-central1
            overQuota: queue
            failsAfter: 90s
            quotas:
              us-central1: {custom_model_training_cpus: 42}
              "*": {aiplatform.googleapis.com/custom_model_training_preemptible_cpus: 1}
            buckets: {my-bucket: US-CENTRAL1}
            storageEmulator: http://localhost:4443
            state: state.json
            seed: 7
            faults:
              - {fault: stockout, region: us-west1, delay: 20s, probability: 0.5, count: 3}
              - {name: mine, fault: error, call: ListCustomJobs, code: aborted, message: no}
            executor:
              type: scripted
              scripts:
                - {displayName: "slow-*", running: 10m}
                - {labels: {fails: "yes"}, exitCode: 1}
            """);
    assertThat(settings.projects()).containsEntry("my-project", "123456789012");
    assertThat(settings.overQuota()).isEqualTo(OverQuota.QUEUE);
    assertThat(settings.failsAfter()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.quotas())
        .containsExactly(
            new QuotaLimit("us-central1", "custom_model_training_cpus", 42),
            new QuotaLimit("*", "custom_model_training_preemptible_cpus", 1));
    assertThat(settings.buckets()).containsEntry("my-bucket", "us-central1");
    FaultRule stockout = settings.faults().getFirst();
    assertThat(stockout.fault().kind()).isEqualTo(FaultKind.STOCKOUT);
    assertThat(stockout.call()).isEqualTo("CreateCustomJob");
    assertThat(stockout.count()).hasValue(3);
    assertThat(settings.faults().getLast().fault().code()).contains(Code.ABORTED);
    assertThat(((Scripted) settings.executor()).scripts().getFirst().running())
        .isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void nothingIsFine() {
    assertThat(SettingsReader.read("")).isEqualTo(EmulatorSettings.defaults());
  }

  @Test
  void allMistakesAreToldAtOnce() {
    SettingsException wrong =
        catchThrowableOfType(
            SettingsException.class,
            () ->
                SettingsReader.read(
                    """
                    port: 70000
                    overQuota: ignore
                    failsAfter: soon
                    quota: {}
                    quotas: {us-central1: {custom_model_training_cpus: many}}
                    faults: [{fault: fire}, {count: 0}]
                    executor: {type: process, scripts: []}
                    """));
    assertThat(wrong.problems())
        .containsExactly(
            "port is 70000, must be from 0 to 65535",
            "quotas.us-central1.custom_model_training_cpus must be a whole number",
            "overQuota is \"ignore\", must be one of reject, fail, queue",
            "failsAfter is \"soon\", must be a time such as 500ms, 30s, 2m or 1h",
            wrong.problems().get(4),
            "faults[1].fault is missing",
            "faults[1].count is 0, must be from 1 to 2147483647",
            "executor.scripts is unknown; known are command, environment, grace, logs, type",
            wrong.problems().getLast());
    assertThat(wrong.problems().get(4))
        .startsWith("faults[0].fault is \"fire\", must be one of rate-limit");
    assertThat(wrong.problems().getLast()).startsWith("quota is unknown; known are");
  }

  @Test
  void flagsAreShort() {
    FaultRule rule =
        SettingsReader.faultFlag(
            "failed,region=us-west1,delay=30s,count=2,message=a, b,code=internal");
    assertThat(rule.fault().message()).contains("a, b");
    assertThat(rule.fault().delay()).isEqualTo(Duration.ofSeconds(30));
    assertThat(rule.count()).hasValue(2);
    assertThat(SettingsReader.quotaFlag("us-west1/custom_model_training_cpus=-1"))
        .isEqualTo(new QuotaLimit("us-west1", "custom_model_training_cpus", -1));
    assertThat(
            catchThrowableOfType(SettingsException.class, () -> SettingsReader.quotaFlag("cpus=1")))
        .hasMessageContaining("must be REGION/METRIC=LIMIT");
  }
}
