package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.trainer.evaluation.Calibration;
import io.fashionmnist.training.trainer.evaluation.ConfusionMatrix;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextTablesTest {
  private static final List<String> FASHION =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  @Test
  void showsFashionMnistInEightyColumns() throws Exception {
    String text = new TextTables(FASHION, 80).of(mostlyRight(10, 1_000));

    assertThat(text).isEqualTo(golden("text-tables-fashion.txt"));
    assertThat(text.lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void showsADashForWhatIsUndefined() throws Exception {
    List<String> names = List.of("class one", "class two", "never predicted");
    ConfusionMatrix confusion =
        ConfusionMatrix.of(3, new int[] {0, 0, 1, 2, 2}, new int[] {0, 1, 1, 0, 0});

    assertThat(
            new TextTables(names, 80)
                .of(new Evaluation(1, confusion, Calibration.ofNothing(), List.of())))
        .isEqualTo(golden("text-tables-undefined.txt"));
  }

  @Test
  void showsTheWorstOfManyClassesAndLeavesTheMatrixToTheReport() {
    List<String> names = IntStream.range(0, 33).mapToObj(c -> "class " + c).toList();

    String text = new TextTables(names, 80).of(mostlyRight(33, 100));

    assertThat(text).startsWith("worst classes").contains("The confusion matrix is in the report.");
    assertThat(text.lines().filter(line -> line.startsWith("class "))).hasSize(10);
  }

  /** Of each class the images are right but for one in ten, which goes to the next class. */
  private static Evaluation mostlyRight(int classes, int imagesPerClass) {
    int images = classes * imagesPerClass;
    int[] truth = IntStream.range(0, images).map(i -> i % classes).toArray();
    int[] predicted =
        IntStream.range(0, images)
            .map(i -> (i / classes) % 10 == 0 ? (i + 1) % classes : i % classes)
            .toArray();
    return new Evaluation(
        0.3, ConfusionMatrix.of(classes, truth, predicted), Calibration.ofNothing(), List.of());
  }

  private static String golden(String name) throws Exception {
    try (InputStream in = TextTablesTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
