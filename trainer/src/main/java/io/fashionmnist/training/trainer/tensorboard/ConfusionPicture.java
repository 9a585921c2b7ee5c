package io.fashionmnist.training.trainer.tensorboard;

import io.fashionmnist.training.trainer.evaluation.ConfusionMatrix;

/**
 * A confusion matrix as a picture: true classes from top to bottom, predicted ones from left to
 * right, hits in blue and mistakes in orange, the stronger the larger their share of the class. In
 * cells that are large enough stands their count.
 *
 * @param pixels row after row, red, green and blue
 * @param side height and width
 */
record ConfusionPicture(byte[] pixels, int side) {
  static final int CHANNELS = 3;

  private static final int LARGEST_CELL = 48;
  private static final int LARGEST_SIDE = 1024;

  /** Smaller cells hold neither a line between them nor a count. */
  private static final int LEAST_CELL_WITH_COUNT = 24;

  private static final int[] LINE = {223, 227, 232};
  private static final int[] WHITE = {255, 255, 255};
  private static final int[] BLACK = {20, 28, 38};
  private static final int[] RIGHT = {36, 99, 197};
  private static final int[] WRONG = {196, 84, 0};

  /** Digits of 3 x 5 dots, row after row, the highest bit at the top left. */
  private static final int[] DIGITS = {
    0b111_101_101_101_111,
    0b010_110_010_010_111,
    0b111_001_111_100_111,
    0b111_001_111_001_111,
    0b101_101_111_001_001,
    0b111_100_111_001_111,
    0b111_100_111_101_111,
    0b111_001_001_010_010,
    0b111_101_111_101_111,
    0b111_101_111_001_111
  };

  private static final int DIGIT_WIDTH = 3;
  private static final int DIGIT_HEIGHT = 5;

  static ConfusionPicture of(ConfusionMatrix confusion) {
    int classes = confusion.classes();
    int cell = Math.clamp(LARGEST_SIDE / classes, 1, LARGEST_CELL);
    ConfusionPicture picture =
        new ConfusionPicture(new byte[classes * cell * classes * cell * CHANNELS], classes * cell);
    for (int truth = 0; truth < classes; truth++) {
      int support = 0;
      for (int predicted = 0; predicted < classes; predicted++) {
        support += confusion.count(truth, predicted);
      }
      for (int predicted = 0; predicted < classes; predicted++) {
        int count = confusion.count(truth, predicted);
        // Few mistakes shall be seen beside many hits.
        double shade = support == 0 ? 0 : Math.sqrt((double) count / support);
        picture.fill(
            truth * cell, predicted * cell, cell, truth == predicted ? RIGHT : WRONG, shade);
        if (cell >= LEAST_CELL_WITH_COUNT && count > 0) {
          picture.write(count, truth * cell, predicted * cell, cell, shade > 0.6 ? WHITE : BLACK);
        }
      }
    }
    return picture;
  }

  private void fill(int top, int left, int cell, int[] colour, double shade) {
    int gap = cell >= LEAST_CELL_WITH_COUNT ? 1 : 0;
    for (int y = 0; y < cell; y++) {
      for (int x = 0; x < cell; x++) {
        boolean line = y >= cell - gap || x >= cell - gap;
        dot(top + y, left + x, line ? LINE : mix(colour, shade));
      }
    }
  }

  private static int[] mix(int[] colour, double shade) {
    int[] mixed = new int[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      mixed[c] = (int) Math.round(shade * colour[c] + (1 - shade) * WHITE[c]);
    }
    return mixed;
  }

  /** Writes a number into the middle of a cell, as large as it fits; not at all if it does not. */
  private void write(int number, int top, int left, int cell, int[] colour) {
    String digits = String.valueOf(number);
    int width = digits.length() * (DIGIT_WIDTH + 1) - 1;
    int scale = Math.min(2, (cell - 2) / width);
    int y0 = top + (cell - scale * DIGIT_HEIGHT) / 2;
    int x0 = left + (cell - scale * width) / 2;
    for (int i = 0; i < digits.length(); i++) {
      int dots = DIGITS[digits.charAt(i) - '0'];
      for (int bit = 0; bit < DIGIT_WIDTH * DIGIT_HEIGHT; bit++) {
        if ((dots >> (DIGIT_WIDTH * DIGIT_HEIGHT - 1 - bit) & 1) == 1) {
          int y = y0 + bit / DIGIT_WIDTH * scale;
          int x = x0 + (i * (DIGIT_WIDTH + 1) + bit % DIGIT_WIDTH) * scale;
          for (int part = 0; part < scale * scale; part++) {
            dot(y + part / scale, x + part % scale, colour);
          }
        }
      }
    }
  }

  private void dot(int y, int x, int[] colour) {
    for (int c = 0; c < CHANNELS; c++) {
      pixels[(y * side + x) * CHANNELS + c] = (byte) colour[c];
    }
  }
}
