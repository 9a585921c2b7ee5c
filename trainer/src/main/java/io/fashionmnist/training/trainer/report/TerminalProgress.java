package io.fashionmnist.training.trainer.report;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.page.Figures;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * For people: a bar while an epoch runs, a line for every epoch that is over, tables at the end.
 *
 * <p>The bar needs a terminal that goes back to the line's start; without one only the lines come.
 */
public final class TerminalProgress implements TrainingListener {
  private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(100);
  private static final int LONGEST_BAR = 24;
  private static final int COLUMNS_OF_A_FILE = 120;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final InstantSource clock;
  private final OptionalInt columns;
  private TrainingProgress progress = TrainingProgress.before(OptionalInt.empty());
  private TrainingEvent.TrainingPlan plan;
  private Instant lastDrawing = Instant.MIN;

  /**
   * @param columns the terminal's width; without a terminal there is no bar
   */
  public TerminalProgress(PrintStream out, InstantSource clock, OptionalInt columns) {
    this.out = out;
    this.clock = clock;
    this.columns = columns;
  }

  @Override
  public void on(TrainingEvent event) {
    progress = progress.after(event, clock.instant());
    switch (event) {
      case TrainingEvent.Started started -> start(started.plan());
      case TrainingEvent.Resumed(var checkpoint, var epoch, _, _) ->
          line("Continues from %s, in epoch %d".formatted(checkpoint, epoch));
      case TrainingEvent.StepFinished step -> draw(step);
      case TrainingEvent.EpochFinished(var metrics, var best) -> line(epochLine(metrics, best));
      case TrainingEvent.CheckpointSaved _ -> {}
      case TrainingEvent.StoppedEarly(var epoch, var best) ->
          line(
              "Stopped after epoch %d: the validation loss has not fallen since epoch %d"
                  .formatted(epoch, best.epoch()));
      case TrainingEvent.Tested(var evaluation) ->
          line(
              format(
                  "%nTest accuracy %.4f, loss %.4f, on %,d images%n%n%s",
                  evaluation.accuracy(),
                  evaluation.loss(),
                  evaluation.confusion().total(),
                  tables().of(evaluation)));
      case TrainingEvent.Warning(var message) -> line("Warning: " + message);
      case TrainingEvent.Finished(var result) ->
          line(
              format(
                  "Model of epoch %d   %s%nReport             %s%nTook               %s",
                  result.best().epoch(),
                  result.modelUri(),
                  result.pageUri(),
                  Figures.duration(result.seconds())));
      case TrainingEvent.Interrupted(var epoch, _) ->
          line(
              "Interrupted in epoch %d; the state is saved. The same --output continues it: %s"
                  .formatted(epoch, plan.output()));
      // Whoever started the training tells why it failed.
      case TrainingEvent.Failed _ -> line("Failed");
    }
  }

  private void start(TrainingEvent.TrainingPlan started) {
    plan = started;
    line(
        format(
            "Training on %,d images, validating on %,d, testing on %,d; %d x %d, %d classes%n"
                + "%,d weights, %d tower%s in %s, %,d steps an epoch%n"
                + "Output %s",
            plan.trainingImages(),
            plan.validationImages(),
            plan.testImages(),
            plan.height(),
            plan.width(),
            plan.classNames().size(),
            plan.parameters(),
            plan.towers(),
            plan.towers() == 1 ? "" : "s",
            plan.bfloat16() ? "bfloat16" : "float32",
            plan.stepsPerEpoch(),
            plan.output()));
  }

  private void draw(TrainingEvent.StepFinished step) {
    Instant now = clock.instant();
    if (columns.isEmpty() || Duration.between(lastDrawing, now).compareTo(BETWEEN_DRAWINGS) < 0) {
      return;
    }
    lastDrawing = now;
    out.print(CLEAR_LINE + drawing(step, columns.getAsInt()));
    out.flush();
  }

  /** One line of less than the given width, or the terminal would not go back to its start. */
  private String drawing(TrainingEvent.StepFinished step, int width) {
    String name = epochName(step.epoch());
    String numbers =
        format(
            "%3d%%  loss %.4f  acc %.4f  %,.0f images/s%s",
            100 * step.step() / plan.stepsPerEpoch(),
            step.loss(),
            step.accuracy(),
            step.imagesPerSecond(),
            progress.remainingSeconds().map(s -> "  ETA " + Figures.duration(s)).orElse(""));
    int bar = Math.clamp(width - 3L - name.length() - numbers.length(), 0, LONGEST_BAR);
    int filled = bar * step.step() / plan.stepsPerEpoch();
    String line = String.join(" ", name, "━".repeat(filled) + "╌".repeat(bar - filled), numbers);
    return line.substring(0, Math.min(line.length(), width - 1));
  }

  private TextTables tables() {
    return new TextTables(plan.classNames(), columns.orElse(COLUMNS_OF_A_FILE));
  }

  private String epochLine(EpochMetrics metrics, EpochMetrics best) {
    return format(
        "%s  loss %.4f  accuracy %.4f  validation %.4f %.4f%s  rate %.2g  %,.0f images/s  %s",
        epochName(metrics.epoch()),
        metrics.loss(),
        metrics.accuracy(),
        metrics.validationLoss(),
        metrics.validationAccuracy(),
        metrics.equals(best) ? "*" : " ",
        metrics.learningRate(),
        metrics.imagesPerSecond(),
        Figures.duration(metrics.seconds()));
  }

  private String epochName(int epoch) {
    int digits = String.valueOf(plan.config().epochs()).length();
    return format("Epoch %" + digits + "d/%d", epoch, plan.config().epochs());
  }

  private void line(String text) {
    out.println(columns.isPresent() ? CLEAR_LINE + text : text);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
