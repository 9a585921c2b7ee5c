package io.fashionmnist.training.bench;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.bench.RequestCounter.Counts;
import io.fashionmnist.training.bench.RequestCounter.Kind;
import io.fashionmnist.training.bench.Timeline.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One contender's run: all jobs at once, all of them running and left alone, and many finished. */
final class Measuring {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration SETTLE = Duration.ofSeconds(10);

  /**
   * What is run.
   *
   * @param command starts the operator; empty where none runs, and only what takes none is measured
   * @param jobs how many are created at once
   * @param finished how many are finished in the end; 0 leaves that part out
   * @param podSeconds how long a pod runs
   * @param idleSeconds how long all are left running; 0 leaves that part out
   * @param besides programs whose processor time is told as well: name and process
   */
  record Plan(
      Contender contender,
      List<String> command,
      int jobs,
      int finished,
      double podSeconds,
      int idleSeconds,
      Map<String, Long> besides) {}

  private final KubernetesClient client;
  private final Plan plan;
  private final Path kubeconfig;
  private final Path log;
  private final RequestCounter requests;
  private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);
  private final Map<String, Double> besides = new LinkedHashMap<>();
  private int finished;
  private int waves;

  Measuring(KubernetesClient client, Plan plan, Path directory) {
    this.client = client;
    this.plan = plan;
    kubeconfig = directory.resolve(plan.contender() + ".kubeconfig");
    log = directory.resolve(plan.contender() + ".log");
    requests = new RequestCounter(client);
  }

  Measurement measure() throws IOException, InterruptedException {
    if (plan.command().isEmpty()) {
      wholeWave();
      return measurement(0);
    }
    OperatorAccount.create(client, kubeconfig);
    requests.install(OperatorAccount.NAMESPACE, OperatorAccount.NAME);
    try (OperatorProcess operator = start()) {
      put(Figure.READY_SECONDS, seconds(operator.ready()));
      TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
      put(Figure.RSS_START, ProcessFigures.rss(operator.pid()));
      allAtOnce(operator);
      if (plan.idleSeconds() > 0) {
        idle(operator);
      }
      if (plan.finished() > 0) {
        fill(operator);
      }
    }
    if (plan.finished() > 0) {
      restart();
    }
    return measurement(plan.finished() > 0 ? finished : 0);
  }

  private Measurement measurement(int finishedJobs) {
    return new Measurement(
        plan.contender(), plan.jobs(), finishedJobs, plan.idleSeconds(), figures, besides);
  }

  private OperatorProcess start() throws IOException, InterruptedException {
    return OperatorProcess.start(plan.contender(), plan.command(), kubeconfig, log);
  }

  private Wave wave(int jobs, boolean holding) {
    waves++;
    return new Wave(
        client,
        plan.contender(),
        "bench-" + waves,
        jobs,
        Duration.ofMillis(Math.round(plan.podSeconds() * 1_000)),
        holding);
  }

  private void allAtOnce(OperatorProcess operator) throws IOException, InterruptedException {
    Counts requestsBefore = requests.counts();
    long cpuBefore = ProcessFigures.cpuMillis(operator.pid());
    wholeWave();
    put(Figure.CPU_MILLIS, perJob(ProcessFigures.cpuMillis(operator.pid()) - cpuBefore));
    TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
    Counts counts = requests.counts().since(requestsBefore);
    say("Requests: %s; turned away: %s".formatted(counts.served(), counts.refused()));
    put(Figure.WRITES, perJob(counts.writes()));
    put(Figure.CONFLICTS, perJob(counts.conflicts()));
    put(Figure.READS, perJob(counts.of(Kind.READS)));
    put(Figure.REFUSED, perJob(counts.allRefused()));
    put(Figure.RSS_RUN, ProcessFigures.rss(operator.pid()));
    put(Figure.RSS_PEAK, ProcessFigures.peakRss(operator.pid()));
    finished += plan.jobs();
  }

  private void wholeWave() throws IOException, InterruptedException {
    Map<String, Long> before = besidesMillis();
    try (Wave wave = wave(plan.jobs(), false)) {
      wave.create();
      wave.awaitSucceeded(LIMIT);
      besidesMillis().forEach((name, ms) -> besides.put(name, perJob(ms - before.get(name))));
      Timeline timeline = wave.timeline();
      put(Figure.JOBS_PER_SECOND, plan.jobs() / seconds(timeline.whole()));
      Percentiles child = timeline.between(Step.CREATED, Step.CHILD);
      put(Figure.CHILD_P50, child.at(50));
      put(Figure.CHILD_P99, child.at(99));
      Percentiles pod = timeline.between(Step.CREATED, Step.POD);
      put(Figure.POD_P50, pod.at(50));
      put(Figure.POD_P99, pod.at(99));
      put(Figure.DONE_P50, timeline.between(Step.DONE, Step.SUCCEEDED).at(50));
    }
  }

  private void idle(OperatorProcess operator) throws IOException, InterruptedException {
    try (Wave wave = wave(plan.jobs(), true)) {
      wave.create();
      wave.awaitRunning(LIMIT);
      TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
      Counts before = requests.counts();
      TimeUnit.SECONDS.sleep(plan.idleSeconds());
      Counts counts = requests.counts().since(before);
      say("Requests while all run: %s".formatted(counts.served()));
      put(Figure.IDLE_WRITES, counts.writes());
      put(Figure.IDLE_LEASES, counts.of(Kind.LEASES));
      put(Figure.RSS_IDLE, ProcessFigures.rss(operator.pid()));
      wave.release();
      wave.awaitSucceeded(LIMIT);
    }
    finished += plan.jobs();
  }

  private void fill(OperatorProcess operator) throws IOException, InterruptedException {
    int first = finished;
    long cpuBefore = ProcessFigures.cpuMillis(operator.pid());
    Duration spent = Duration.ZERO;
    while (finished < plan.finished()) {
      int jobs = Math.min(plan.jobs(), plan.finished() - finished);
      try (Wave wave = wave(jobs, false)) {
        wave.create();
        wave.awaitSucceeded(LIMIT);
        spent = spent.plus(wave.timeline().whole());
      }
      finished += jobs;
      say("%d have finished; RSS %.0f MB".formatted(finished, ProcessFigures.rss(operator.pid())));
    }
    if (finished > first) {
      put(Figure.LATER_JOBS_PER_SECOND, (finished - first) / seconds(spent));
      put(
          Figure.LATER_CPU_MILLIS,
          (double) (ProcessFigures.cpuMillis(operator.pid()) - cpuBefore) / (finished - first));
    }
    TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
    put(Figure.RSS_FINISHED, ProcessFigures.rss(operator.pid()));
  }

  private void restart() throws IOException, InterruptedException {
    Counts before = requests.counts();
    try (OperatorProcess operator = start()) {
      put(Figure.RESTART_SECONDS, seconds(operator.ready()));
      TimeUnit.NANOSECONDS.sleep(SETTLE.multipliedBy(2).toNanos());
      put(Figure.RESTART_RSS, ProcessFigures.rss(operator.pid()));
    }
    put(Figure.RESTART_WRITES, requests.counts().since(before).writes());
  }

  private Map<String, Long> besidesMillis() throws IOException {
    Map<String, Long> millis = new LinkedHashMap<>();
    for (Map.Entry<String, Long> each : plan.besides().entrySet()) {
      millis.put(each.getKey(), ProcessFigures.cpuMillis(each.getValue()));
    }
    millis.put("this benchmark", ProcessFigures.cpuMillis(ProcessHandle.current().pid()));
    return millis;
  }

  private void put(Figure figure, double value) {
    figures.put(figure, value);
    say("%-50s %12s  %s".formatted(figure.title(), figure.format(value), figure.target()));
  }

  private double perJob(long amount) {
    return (double) amount / plan.jobs();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static void say(String line) {
    System.err.println(line);
  }
}
