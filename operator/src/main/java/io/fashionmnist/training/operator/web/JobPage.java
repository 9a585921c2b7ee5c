package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.CurvePoint;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One job. What is not known is an empty text or list.
 *
 * @param live whether it may still change
 * @param facts what there is to say in a line each
 * @param placements those left out, and why
 * @param curve the epochs so far
 */
record JobPage(
    String namespace,
    String name,
    String phase,
    boolean live,
    String why,
    int progress,
    List<Fact> facts,
    Timeline timeline,
    List<Fact> placements,
    List<CurvePoint> curve,
    List<ClassRow> classes,
    Matrix matrix) {

  /** A word and what it stands for here. */
  record Fact(String word, String meaning) {}

  /** A class on the test images, four decimals; undefined is empty. */
  record ClassRow(String name, String precision, String recall, String f1Score, int support) {}

  /** Test images by true (row) and predicted class. */
  record Matrix(List<String> names, List<MatrixRow> rows) {}

  record MatrixRow(String name, List<Cell> cells) {}

  /**
   * A cell of the matrix.
   *
   * @param heat share of the row's images, in tenths, rounded up: 0 to 10
   */
  record Cell(int images, int heat, boolean right) {}

  static JobPage of(FashionTrainingJob job, Instant now) {
    FashionTrainingJobStatus status = job.currentStatus();
    Optional<TrainingReport> report = Optional.ofNullable(status.training());
    return new JobPage(
        job.getMetadata().getNamespace(),
        job.getMetadata().getName(),
        JobsPage.phase(status).text(),
        !JobsPage.phase(status).finished(),
        Words.why(status),
        Words.progress(status),
        facts(status, now),
        Timeline.of(status.attempts(), now),
        status.resolvedPlacements().stream()
            .filter(each -> each.state() == FashionTrainingJobStatus.Eligibility.SKIPPED)
            .map(each -> new Fact(each.name(), Words.of(each.message())))
            .toList(),
        curve(report),
        report.map(TrainingReport::perClass).orElse(List.of()).stream().map(JobPage::row).toList(),
        matrix(report));
  }

  private static List<CurvePoint> curve(Optional<TrainingReport> report) {
    return report
        .map(TrainingReport::metrics)
        .map(TrainingReport.EpochSummary::curve)
        .orElse(List.of());
  }

  private static List<Fact> facts(FashionTrainingJobStatus status, Instant now) {
    List<Fact> facts = new ArrayList<>();
    add(facts, "backend", Words.of(status.backend()));
    add(facts, "placement", Words.of(status.placement()));
    TrainingReport report = status.training();
    if (report != null) {
      if (report.epoch() != null && report.epochs() != null) {
        add(facts, "epoch", "%d of %d".formatted(report.epoch(), report.epochs()));
      }
      add(
          facts,
          report.test() == null ? "validation accuracy" : "test accuracy",
          Words.accuracy(report));
      if (report.test() != null) {
        add(facts, "test loss", Words.number(report.test().loss()));
      } else if (report.estimatedRemainingSeconds() != null) {
        add(facts, "remaining", "about " + Words.duration(report.estimatedRemainingSeconds()));
      }
    }
    if (status.startTime() != null) {
      Instant start = Instant.parse(status.startTime());
      Instant end = status.completionTime() == null ? now : Instant.parse(status.completionTime());
      add(
          facts,
          status.completionTime() == null ? "running for" : "took",
          Words.between(start, end));
    }
    if (status.nextRetryTime() != null) {
      Instant next = Instant.parse(status.nextRetryTime());
      add(facts, "next attempt", next.isAfter(now) ? "in " + Words.between(now, next) : "now");
    }
    if (status.model() != null) {
      add(facts, "model", Words.of(status.model().uri()));
      add(facts, "registered as", Words.of(status.model().registryName()));
    }
    return List.copyOf(facts);
  }

  private static void add(List<Fact> facts, String word, String meaning) {
    if (!meaning.isEmpty()) {
      facts.add(new Fact(word, meaning));
    }
  }

  private static ClassRow row(ClassMetrics each) {
    return new ClassRow(
        each.name() == null ? unnamed(each.label()) : each.name(),
        Words.number(each.precision()),
        Words.number(each.recall()),
        Words.number(each.f1Score()),
        each.support() == null ? 0 : each.support());
  }

  private static String unnamed(Integer label) {
    return "class " + label;
  }

  /** A trainer need not tell the classes that its matrix is of. */
  private static Matrix matrix(Optional<TrainingReport> report) {
    List<List<Integer>> counts = report.map(TrainingReport::confusionMatrix).orElse(List.of());
    Map<Integer, String> told = new HashMap<>();
    for (ClassMetrics each : report.map(TrainingReport::perClass).orElse(List.of())) {
      told.putIfAbsent(each.label() == null ? told.size() : each.label(), row(each).name());
    }
    int classes = Math.max(counts.size(), counts.stream().mapToInt(List::size).max().orElse(0));
    List<String> names =
        IntStream.range(0, classes)
            .mapToObj(label -> told.getOrDefault(label, unnamed(label)))
            .toList();
    List<MatrixRow> rows = new ArrayList<>();
    for (int truth = 0; truth < counts.size(); truth++) {
      List<Integer> row = counts.get(truth);
      int images = Math.max(1, row.stream().mapToInt(Integer::intValue).sum());
      List<Cell> cells = new ArrayList<>();
      for (int guess = 0; guess < row.size(); guess++) {
        cells.add(
            new Cell(
                row.get(guess), (int) Math.ceil(10.0 * row.get(guess) / images), guess == truth));
      }
      rows.add(new MatrixRow(names.get(truth), List.copyOf(cells)));
    }
    return new Matrix(names, List.copyOf(rows));
  }
}
