package io.fashionmnist.training.emulator.config;

import io.fashionmnist.training.emulator.executor.Script;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the emulator is told at its start.
 *
 * @param host the address to listen on
 * @param port 0 takes any free one
 * @param projects numbers of projects by id; others are made from the id
 * @param endpointRegion the only region that is served; empty serves all
 * @param quotas limits
 * @param overQuota what happens to jobs over their quota
 * @param failsAfter how long a job that fails for quota stays queued before
 * @param buckets locations of buckets
 * @param storageEmulator where to ask for locations of other buckets
 * @param faults what goes wrong from the start
 * @param state where to keep jobs, quota and faults over restarts
 * @param seed of chance; empty is different every time
 * @param clock a time that stands until it is set; empty is the machine's own
 * @param executor what does the jobs' work
 */
public record EmulatorSettings(
    String host,
    int port,
    Map<String, String> projects,
    Optional<String> endpointRegion,
    List<QuotaLimit> quotas,
    OverQuota overQuota,
    Duration failsAfter,
    Map<String, String> buckets,
    Optional<URI> storageEmulator,
    List<FaultRule> faults,
    Optional<Path> state,
    Optional<Long> seed,
    Optional<Instant> clock,
    ExecutorSettings executor) {

  /** Any free port of this machine, scripted jobs, no quota, no faults. */
  public static EmulatorSettings defaults() {
    return new EmulatorSettings(
        "127.0.0.1",
        0,
        Map.of(),
        Optional.empty(),
        List.of(),
        OverQuota.REJECT,
        Duration.ofMinutes(2),
        Map.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new ExecutorSettings.Scripted(List.of()));
  }

  /** The same on another port; 0 takes any free one. */
  public EmulatorSettings withPort(int other) {
    return new EmulatorSettings(
        host,
        other,
        projects,
        endpointRegion,
        quotas,
        overQuota,
        failsAfter,
        buckets,
        storageEmulator,
        faults,
        state,
        seed,
        clock,
        executor);
  }

  /** The same with other quota. */
  public EmulatorSettings withQuotas(OverQuota way, QuotaLimit... limits) {
    return new EmulatorSettings(
        host,
        port,
        projects,
        endpointRegion,
        List.of(limits),
        way,
        failsAfter,
        buckets,
        storageEmulator,
        faults,
        state,
        seed,
        clock,
        executor);
  }

  /** The same with buckets in these locations. */
  public EmulatorSettings withBuckets(Map<String, String> locations) {
    return new EmulatorSettings(
        host,
        port,
        projects,
        endpointRegion,
        quotas,
        overQuota,
        failsAfter,
        locations,
        storageEmulator,
        faults,
        state,
        seed,
        clock,
        executor);
  }

  /** The same with state kept in a file. */
  public EmulatorSettings withState(Path file) {
    return new EmulatorSettings(
        host,
        port,
        projects,
        endpointRegion,
        quotas,
        overQuota,
        failsAfter,
        buckets,
        storageEmulator,
        faults,
        Optional.of(file),
        seed,
        clock,
        executor);
  }

  /** The same with another executor. */
  public EmulatorSettings withExecutor(ExecutorSettings other) {
    return new EmulatorSettings(
        host,
        port,
        projects,
        endpointRegion,
        quotas,
        overQuota,
        failsAfter,
        buckets,
        storageEmulator,
        faults,
        state,
        seed,
        clock,
        other);
  }

  /** The same with pretended jobs that keep to these times. */
  public EmulatorSettings withScripts(Script... scripts) {
    return withExecutor(new ExecutorSettings.Scripted(List.of(scripts)));
  }
}
