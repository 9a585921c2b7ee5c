package io.fashionmnist.training.trainer.page;

import io.fashionmnist.training.api.training.EpochMetrics;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The epochs as the page shows them: all of them, or, where there are very many, the best, the last
 * and evenly spaced ones between.
 *
 * @param shown in their order
 */
record History(List<EpochMetrics> shown, int epochs, Optional<EpochMetrics> best) {
  static final int MOST = 500;

  static History of(RunSummary run) {
    List<EpochMetrics> all = run.history();
    Optional<Integer> best = run.best().map(EpochMetrics::epoch);
    int stride = Math.ceilDiv(Math.max(1, all.size()), MOST);
    List<EpochMetrics> shown =
        IntStream.range(0, all.size())
            .filter(
                i ->
                    i % stride == 0
                        || i == all.size() - 1
                        || best.equals(Optional.of(all.get(i).epoch())))
            .mapToObj(all::get)
            .toList();
    return new History(shown, all.size(), run.best());
  }

  boolean any() {
    return !shown.isEmpty();
  }

  /** What to say where some are left out. */
  Optional<String> note() {
    return shown.size() == epochs
        ? Optional.empty()
        : Optional.of(
            "%s of %s epochs are shown; model/metadata.json has them all."
                .formatted(Figures.count(shown.size()), Figures.count(epochs)));
  }

  List<Row> rows() {
    return shown.stream()
        .map(
            epoch ->
                new Row(
                    epoch.epoch(),
                    best.filter(epoch::equals).isPresent(),
                    Figures.decimal(epoch.loss()),
                    Figures.decimal(epoch.validationLoss()),
                    Figures.finePercent(epoch.accuracy()),
                    Figures.finePercent(epoch.validationAccuracy()),
                    Figures.rate(epoch.learningRate()),
                    speed(epoch),
                    Figures.duration(Objects.requireNonNullElse(epoch.seconds(), 0.0))))
        .toList();
  }

  private static String speed(EpochMetrics epoch) {
    return epoch.imagesPerSecond() == null
        ? Figures.decimal(null)
        : Figures.count(Math.round(epoch.imagesPerSecond()));
  }

  record Row(
      int epoch,
      boolean best,
      String loss,
      String validationLoss,
      String accuracy,
      String validationAccuracy,
      String learningRate,
      String imagesPerSecond,
      String took) {}
}
