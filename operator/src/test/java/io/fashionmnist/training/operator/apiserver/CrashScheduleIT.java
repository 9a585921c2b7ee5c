package io.fashionmnist.training.operator.apiserver;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.net.httpserver.HttpServer;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.testing.EmulatorProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Invariants 1 and 2 with what is real: an API server, an emulator, and the operator's own parts.
 *
 * <p>More of them: {@code -Dsoak.schedules=200}; one again: {@code -Dsoak.firstSeed=SEED
 * -Dsoak.schedules=1}.
 */
class CrashScheduleIT {
  private static final long SCHEDULES = Long.getLong("soak.schedules", 20);
  private static final long FIRST = Long.getLong("soak.firstSeed", 1);

  /** Every fifth schedule is one in which lists lag for too long. */
  private static final int LATE = 5;

  private static final Map<String, Integer> ENDS = new TreeMap<>();
  private static InstalledChart chart;
  private static EmulatorProcess vertex;
  private static HttpServer storage;
  private static OperatorInstances instances;

  @BeforeAll
  static void install() throws IOException {
    chart = InstalledChart.start();
    vertex =
        EmulatorProcess.start(
            """
            port: 0
            clock: 2026-01-01T00:00:00Z
            failsAfter: 30s
            buckets: {central: us-central1, west: us-west1}
            executor:
              type: scripted
              scripts:
                - {labels: {fate: long}, queued: 2s, pending: 10s, running: 8m, cancelling: 15s}
                - {labels: {fate: broken}, queued: 2s, pending: 10s, running: 20s, cancelling: 1s, exitCode: 1}
                - {labels: {fate: interrupted}, queued: 2s, pending: 10s, running: 20s, cancelling: 1s, exitCode: 143}
                - {labels: {fate: bad}, queued: 2s, pending: 10s, running: 20s, cancelling: 1s, exitCode: 2}
                - {queued: 5s, pending: 10s, running: 40s, cancelling: 10s}
            """);
    // Nothing is in it: trainers that only pretend leave nothing.
    storage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    storage.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    storage.start();
    instances =
        new OperatorInstances(
            chart.operator(),
            chart.admin(),
            vertex.endpoint(),
            "http://127.0.0.1:" + storage.getAddress().getPort());
  }

  @AfterAll
  static void uninstall() {
    System.out.println("Operators ended between these calls:");
    ENDS.forEach((where, times) -> System.out.printf("%6d  %s%n", times, where));
    instances.close();
    storage.stop(0);
    vertex.close();
    chart.close();
  }

  @TestFactory
  Stream<DynamicTest> oneLiveAttemptAndNothingLostWhereverOperatorsEnd() {
    return LongStream.range(FIRST, FIRST + SCHEDULES)
        .mapToObj(seed -> dynamicTest("seed " + seed, () -> run(seed)));
  }

  private static void run(long seed) {
    String namespace = "schedule-" + seed;
    chart.makeNamespace(namespace);
    CrashSchedule schedule =
        new CrashSchedule(seed, seed % LATE == 0, namespace, chart.admin(), vertex, instances);
    try {
      schedule.run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d (again: -Dit.test=CrashScheduleIT -Dsoak.firstSeed=%d -Dsoak.schedules=1): %s%n%s"
              .formatted(seed, seed, e, schedule.story()),
          e);
    } finally {
      schedule.ends().forEach((where, times) -> ENDS.merge(where, times, Integer::sum));
      tidy(namespace);
    }
  }

  private static void tidy(String namespace) {
    var jobs = chart.admin().resources(FashionTrainingJob.class).inNamespace(namespace);
    for (FashionTrainingJob job : jobs.list().getItems()) {
      var one = jobs.withName(job.getMetadata().getName());
      one.edit(
          each -> {
            each.getMetadata().setFinalizers(List.of());
            return each;
          });
      one.delete();
    }
  }
}
