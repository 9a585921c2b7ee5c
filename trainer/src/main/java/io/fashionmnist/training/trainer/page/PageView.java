package io.fashionmnist.training.trainer.page;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.evaluation.ClassificationReport;
import io.fashionmnist.training.trainer.evaluation.Mistake;
import io.fashionmnist.training.trainer.page.RunSummary.Circumstances;
import io.fashionmnist.training.trainer.page.RunSummary.Ending;
import io.fashionmnist.training.trainer.train.TrainingEvent.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the template puts where: a component for every name in it. */
record PageView(
    String title,
    State state,
    List<Fact> headlines,
    History history,
    Optional<TestView> test,
    SettingsTable settings,
    List<AttemptRow> attempts,
    List<Fact> run,
    List<Fact> data,
    List<String> warnings,
    ChartData chartData) {

  /**
   * How the run ended.
   *
   * @param style a class of the style sheet
   * @param message a sentence
   */
  record State(String word, String style, String message) {}

  record Fact(String name, String value) {}

  /**
   * An attempt at the job.
   *
   * @param current whether it is the one that the page is about
   */
  record AttemptRow(int number, String placement, String state, String reason, boolean current) {}

  record TestView(
      ClassTable classes,
      ConfusionTable confusion,
      CalibrationTable calibration,
      List<MistakeView> mistakes,
      String images,
      Fact macro,
      Fact weighted) {}

  record MistakeView(
      String dataUri,
      int image,
      String truth,
      String predicted,
      String probability,
      String probabilityOfTruth) {}

  static PageView of(RunSummary run) {
    History history = History.of(run);
    Optional<ClassificationReport> report =
        run.test().map(t -> ClassificationReport.of(t.evaluation(), run.plan().classNames()));
    return new PageView(
        title(run.plan().output()),
        state(run),
        headlines(run, report),
        history,
        run.test().map(test -> testView(test, report.orElseThrow(), run.plan().classNames())),
        SettingsTable.of(run.plan().config()),
        attempts(run),
        runFacts(run),
        dataFacts(run.plan()),
        run.warnings(),
        ChartData.of(run, history));
  }

  /** The last part of the output's name. */
  private static String title(String output) {
    String[] parts = output.replaceAll("/+$", "").split("/");
    return parts.length == 0 ? output : parts[parts.length - 1];
  }

  private static State state(RunSummary run) {
    int epochs = run.history().size();
    int planned = run.plan().config().epochs();
    return switch (run.ending()) {
      case Ending.Finished(var seconds) ->
          new State(
              "Finished",
              "good",
              (run.stoppedAfter().isPresent()
                          ? "Stopped early after %d of %d epochs: the validation loss no longer fell."
                          : "Trained for %d of %d epochs.")
                      .formatted(epochs, planned)
                  + " This process took "
                  + Figures.duration(seconds)
                  + ".");
      case Ending.Interrupted(var epoch) ->
          new State(
              "Interrupted",
              "warn",
              "Stopped on request in epoch %d of %d; the state is saved. The same command with the same output continues it."
                  .formatted(Math.min(epoch, planned), planned));
      case Ending.Failed(var message) -> new State("Failed", "bad", message);
    };
  }

  private static List<Fact> headlines(RunSummary run, Optional<ClassificationReport> report) {
    List<Fact> facts = new ArrayList<>();
    report.ifPresent(
        test -> {
          facts.add(new Fact("Test accuracy", Figures.finePercent(test.test().accuracy())));
          facts.add(new Fact("Macro F1", Figures.finePercent(test.test().macro().f1Score())));
          facts.add(new Fact("Test loss", Figures.decimal(test.test().loss())));
        });
    run.test()
        .map(test -> test.evaluation().calibration().expectedError())
        .ifPresent(error -> facts.add(new Fact("Calibration error", Figures.finePercent(error))));
    run.best()
        .ifPresent(
            best -> {
              facts.add(
                  new Fact("Validation accuracy", Figures.finePercent(best.validationAccuracy())));
              facts.add(
                  new Fact("Best epoch", "%d of %d".formatted(best.epoch(), run.history().size())));
            });
    medianSpeed(run.history()).ifPresent(speed -> facts.add(new Fact("Images per second", speed)));
    return facts;
  }

  private static Optional<String> medianSpeed(List<EpochMetrics> history) {
    List<Double> speeds =
        history.stream()
            .flatMap(epoch -> Optional.ofNullable(epoch.imagesPerSecond()).stream())
            .sorted()
            .toList();
    return speeds.isEmpty()
        ? Optional.empty()
        : Optional.of(Figures.count(Math.round(speeds.get(speeds.size() / 2))));
  }

  private static TestView testView(
      RunSummary.Tested test, ClassificationReport report, List<String> names) {
    return new TestView(
        ClassTable.of(report.perClass()),
        ConfusionTable.of(report.confusion(), names),
        CalibrationTable.of(test.evaluation().calibration(), test.evaluation().accuracy()),
        test.pictures().stream().map(picture -> mistakeView(picture, names)).toList(),
        Figures.count(report.test().images()),
        new Fact("Macro average", averages(report.test().macro())),
        new Fact("Weighted average", averages(report.test().weighted())));
  }

  private static String averages(
      io.fashionmnist.training.api.training.TestMetrics.Average average) {
    return "precision %s, recall %s, F1 %s"
        .formatted(
            Figures.percent(average.precision()),
            Figures.percent(average.recall()),
            Figures.percent(average.f1Score()));
  }

  private static MistakeView mistakeView(MistakePicture picture, List<String> names) {
    Mistake mistake = picture.mistake();
    return new MistakeView(
        picture.dataUri(),
        mistake.image(),
        names.get(mistake.truth()),
        names.get(mistake.predicted()),
        Figures.percent(mistake.probability()),
        Figures.percent(mistake.probabilityOfTruth()));
  }

  /** Those before this one, and this one; none where this one is the only one. */
  private static List<AttemptRow> attempts(RunSummary run) {
    Circumstances circumstances = run.circumstances();
    if (circumstances.earlier().isEmpty()) {
      return List.of();
    }
    List<AttemptRow> rows = new ArrayList<>();
    circumstances
        .earlier()
        .forEach(
            each ->
                rows.add(
                    new AttemptRow(
                        each.number(), each.placement(), each.state(), each.reason(), false)));
    rows.add(
        new AttemptRow(
            circumstances.attempt(),
            circumstances.labels().getOrDefault("placement", circumstances.place()),
            state(run).word(),
            "",
            true));
    return rows;
  }

  private static List<Fact> runFacts(RunSummary run) {
    Circumstances circumstances = run.circumstances();
    List<Fact> facts = new ArrayList<>();
    circumstances.labels().forEach((name, value) -> facts.add(new Fact(name, value)));
    facts.add(new Fact("Attempt", String.valueOf(circumstances.attempt())));
    facts.add(new Fact("Ran on", circumstances.place()));
    facts.add(
        new Fact(
            "Continued from",
            run.resumed()
                .map(from -> "%s, in epoch %d".formatted(from.checkpoint(), from.epoch()))
                .orElse("nothing: started from the beginning")));
    facts.add(new Fact("Began", Figures.time(circumstances.began())));
    facts.add(new Fact("Ended", Figures.time(run.ended())));
    facts.add(new Fact("Output", run.plan().output()));
    facts.add(
        new Fact(
            "Computed with",
            "%d tower%s, %s activations"
                .formatted(
                    run.plan().towers(),
                    run.plan().towers() == 1 ? "" : "s",
                    run.plan().bfloat16() ? "bfloat16" : "float32")));
    facts.add(new Fact("Trainer", circumstances.versions().trainer()));
    facts.add(new Fact("TensorFlow", circumstances.versions().tensorflow()));
    facts.add(new Fact("Java", circumstances.versions().java()));
    return facts;
  }

  private static List<Fact> dataFacts(TrainingPlan plan) {
    return List.of(
        new Fact("Training images", Figures.count(plan.trainingImages())),
        new Fact("Validation images", Figures.count(plan.validationImages())),
        new Fact("Test images", Figures.count(plan.testImages())),
        new Fact("Image size", "%d × %d, grey".formatted(plan.height(), plan.width())),
        new Fact("Classes", Figures.count(plan.classNames().size())),
        new Fact("Weights", Figures.count(plan.parameters())),
        new Fact("Data digest (SHA-256)", plan.dataDigest()));
  }
}
