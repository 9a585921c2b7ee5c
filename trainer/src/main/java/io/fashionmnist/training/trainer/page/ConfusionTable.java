package io.fashionmnist.training.trainer.page;

import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.trainer.evaluation.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Which classes are taken for which: the matrix, where it is small enough to be read, and the most
 * frequent confusions.
 */
record ConfusionTable(Optional<Matrix> matrix, List<Confusion> confusions) {
  static final int MOST_CONFUSIONS = 12;

  record Matrix(List<String> names, List<Row> rows) {}

  /** The images of one class. */
  record Row(String name, String support, List<Cell> cells) {}

  /**
   * @param shade from 0 to 1, the class's images all
   */
  record Cell(
      String count,
      String rate,
      String shade,
      boolean strong,
      boolean right,
      boolean none,
      String title) {}

  /** One class taken for another. */
  record Confusion(String truth, String predicted, String count, String rate, String width) {}

  static ConfusionTable of(ConfusionMatrix confusion, List<String> names) {
    int[] support =
        IntStream.range(0, confusion.classes())
            .map(c -> IntStream.range(0, confusion.classes()).map(p -> confusion.count(c, p)).sum())
            .toArray();
    Optional<Matrix> matrix =
        names.size() <= CompactReport.MAXIMUM_CLASSES
            ? Optional.of(matrix(confusion, names, support))
            : Optional.empty();
    return new ConfusionTable(matrix, confusions(confusion, names, support));
  }

  private static Matrix matrix(ConfusionMatrix confusion, List<String> names, int[] support) {
    return new Matrix(
        names,
        IntStream.range(0, names.size())
            .mapToObj(
                truth ->
                    new Row(
                        names.get(truth),
                        Figures.count(support[truth]),
                        IntStream.range(0, names.size())
                            .mapToObj(p -> cell(confusion, names, support[truth], truth, p))
                            .toList()))
            .toList());
  }

  private static Cell cell(
      ConfusionMatrix confusion, List<String> names, int support, int truth, int predicted) {
    int count = confusion.count(truth, predicted);
    double rate = (double) count / support;
    double shade = support == 0 ? 0 : rate;
    return new Cell(
        Figures.count(count),
        Figures.percent(rate),
        // Few mistakes shall be seen beside many hits.
        Figures.decimal(Math.sqrt(shade)),
        Math.sqrt(shade) > 0.6,
        truth == predicted,
        count == 0,
        "%s of %s images of %s predicted as %s"
            .formatted(
                Figures.count(count),
                Figures.count(support),
                names.get(truth),
                names.get(predicted)));
  }

  private record Pair(int truth, int predicted, int count) {
    static final Comparator<Pair> MOST_FIRST =
        Comparator.comparingInt(Pair::count)
            .reversed()
            .thenComparingInt(Pair::truth)
            .thenComparingInt(Pair::predicted);
  }

  private static List<Confusion> confusions(
      ConfusionMatrix confusion, List<String> names, int[] support) {
    // The least of those kept is at its head: a million pairs cost no more than these.
    PriorityQueue<Pair> most = new PriorityQueue<>(Pair.MOST_FIRST.reversed());
    for (int truth = 0; truth < names.size(); truth++) {
      for (int predicted = 0; predicted < names.size(); predicted++) {
        int count = confusion.count(truth, predicted);
        if (truth != predicted && count > 0) {
          most.add(new Pair(truth, predicted, count));
          if (most.size() > MOST_CONFUSIONS) {
            most.remove();
          }
        }
      }
    }
    List<Pair> pairs = new ArrayList<>(most);
    pairs.sort(Pair.MOST_FIRST);
    return pairs.stream()
        .map(
            pair ->
                new Confusion(
                    names.get(pair.truth()),
                    names.get(pair.predicted()),
                    Figures.count(pair.count()),
                    Figures.percent((double) pair.count() / support[pair.truth()]),
                    Figures.percent((double) pair.count() / pairs.getFirst().count())))
        .toList();
  }
}
