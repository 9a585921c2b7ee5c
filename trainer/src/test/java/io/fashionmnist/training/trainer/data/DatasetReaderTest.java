package io.fashionmnist.training.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.trainer.BadInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetReaderTest {
  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  private final Arena arena = Arena.ofShared();
  private final MemoryFolder folder =
      new MemoryFolder()
          .put(TRAIN_IMAGES, Idx.images(4, 3, 5))
          .put(TRAIN_LABELS, Idx.labels(0, 1, 2, 1))
          .put(TEST_IMAGES, Idx.images(2, 3, 5))
          .put(TEST_LABELS, Idx.labels(3, 0));

  @AfterEach
  void close() {
    arena.close();
  }

  private Dataset read() throws Exception {
    return read(Optional.empty());
  }

  private Dataset read(Optional<List<String>> names) throws Exception {
    return new DatasetReader(names).read(folder, arena);
  }

  private void refused(String... parts) {
    assertThatThrownBy(this::read)
        .isInstanceOf(BadInputException.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  @Test
  void readsPixelsAndLabelsInOrder() throws Exception {
    Dataset data = read();

    assertThat(data.train().count()).isEqualTo(4);
    assertThat(data.train().height()).isEqualTo(3);
    assertThat(data.train().width()).isEqualTo(5);
    assertThat(data.train().labels()).containsExactly((short) 0, (short) 1, (short) 2, (short) 1);
    assertThat(data.test().labels()).containsExactly((short) 3, (short) 0);
    byte[] file = Idx.images(4, 3, 5);
    assertThat(data.train().pixels().toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(Arrays.copyOfRange(file, 16, file.length));
    assertThat(data.classNames()).containsExactly("class 0", "class 1", "class 2", "class 3");
  }

  @Test
  void readsFilesLargerThanOneChunk() throws Exception {
    int count = 9000;
    folder
        .put(TRAIN_IMAGES, Idx.gzip(Idx.images(count, 3, 5)))
        .put(TRAIN_LABELS, Idx.labels(IntStream.range(0, count).map(i -> i % 7).toArray()));

    Dataset data = read();

    byte[] file = Idx.images(count, 3, 5);
    assertThat(data.train().pixels().toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(Arrays.copyOfRange(file, 16, file.length));
    assertThat(data.train().labels()[8998]).isEqualTo((short) (8998 % 7));
  }

  @ParameterizedTest
  @CsvSource({
    "train-images.idx3-ubyte, train-labels.idx1-ubyte, t10k-images.idx3-ubyte,"
        + " t10k-labels.idx1-ubyte",
    "train-images-idx3-ubyte, train-labels-idx1-ubyte, test-images-idx3-ubyte,"
        + " test-labels-idx1-ubyte",
    "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz,"
        + " t10k-labels-idx1-ubyte.gz",
    "train-images.idx3-ubyte.gz, train-labels.idx1-ubyte.gz, test-images.idx3-ubyte.gz,"
        + " test-labels.idx1-ubyte.gz",
  })
  void findsTheUsualNamesWithAndWithoutAListing(
      String trainImages, String trainLabels, String testImages, String testLabels)
      throws Exception {
    String digest = read().digest();
    folder.remove(TRAIN_IMAGES).remove(TRAIN_LABELS).remove(TEST_IMAGES).remove(TEST_LABELS);
    put(trainImages, Idx.images(4, 3, 5));
    put(trainLabels, Idx.labels(0, 1, 2, 1));
    put(testImages, Idx.images(2, 3, 5));
    put(testLabels, Idx.labels(3, 0));

    assertThat(read().digest()).isEqualTo(digest);
    folder.listable = false;
    assertThat(read().digest()).isEqualTo(digest);
  }

  private void put(String name, byte[] content) {
    folder.put(name, name.endsWith(".gz") ? Idx.gzip(content) : content);
  }

  @Test
  void digestIsThatOfTheContentHoweverPacked() throws Exception {
    String digest = read().digest();
    folder.put(TRAIN_IMAGES, Idx.gzip(Idx.images(4, 3, 5)));
    folder.remove(TRAIN_LABELS).put("train-labels-idx1-short", Idx.shortLabels(0, 1, 2, 1));
    folder.remove(TEST_LABELS).put("t10k-labels-idx1-int", Idx.intLabels(3, 0));
    assertThat(read().digest()).isEqualTo(digest).matches("[0-9a-f]{64}");

    folder.put("t10k-labels-idx1-int", Idx.intLabels(3, 1));
    assertThat(read().digest()).isNotEqualTo(digest);
  }

  @Test
  void digestTellsShapesApart() throws Exception {
    String digest = read().digest();
    folder.put(TRAIN_IMAGES, Idx.images(4, 5, 3)).put(TEST_IMAGES, Idx.images(2, 5, 3));
    assertThat(read().digest()).isNotEqualTo(digest);
  }

  @Test
  void takesAThousandClasses() throws Exception {
    folder.remove(TEST_LABELS).put("t10k-labels-idx1-short", Idx.shortLabels(999, 0));
    assertThat(read().classes()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, -1, 70_000})
  void refusesLabelOutOfRange(int label) {
    folder.remove(TEST_LABELS).put("t10k-labels-idx1-int", Idx.intLabels(0, label));
    refused("mem://data/t10k-labels-idx1-int", "label " + label, "index 1", "0 to 999");
  }

  @Test
  void namesComeFromTheCallerThenTheFile() throws Exception {
    folder.put(
        ClassNames.FILE, "shoe\nhat\r\ncoat\nglove\nscarf\n".getBytes(StandardCharsets.UTF_8));
    assertThat(read().classNames()).containsExactly("shoe", "hat", "coat", "glove", "scarf");
    assertThat(read(Optional.of(List.of("a", "b", "c", "d"))).classNames())
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void namesMustCoverTheLabels() {
    folder.put(ClassNames.FILE, "shoe\nhat\ncoat".getBytes(StandardCharsets.UTF_8));
    refused(TEST_LABELS, "label 3 at index 0", "class-names.txt names 3 classes", "at least 4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shoe,,coat,hat       | line 2 is empty; write the name of class 1 there
          ,shoe,coat,hat,scarf | line 1 is empty; write the name of class 0 there
          shoe,hat,coat, hat   | lines 2 and 4 are both hat
          """)
  void namesThatWouldBeMistakenAreRefused(String names, String reason) {
    folder.put(ClassNames.FILE, names.replace(',', '\n').getBytes(StandardCharsets.UTF_8));
    refused("mem://data/class-names.txt: " + reason);
  }

  @Test
  void emptyLinesAfterTheNamesAreNone() throws Exception {
    folder.put(ClassNames.FILE, "a\nb\nc\nd\n\n \n".getBytes(StandardCharsets.UTF_8));
    assertThat(read().classNames()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void missingFileSaysWhatWasLookedForAndWhatIsThere() {
    folder.remove(TRAIN_LABELS);
    folder.put("below/class-names.txt", new byte[1]);
    refused(
        "mem://data",
        "training labels",
        "train-labels-idx1-short",
        "; there are t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, train-images-idx3-ubyte. Give");
    folder.listable = false;
    refused("mem://data", "training labels", "train-labels-idx1-short");
  }

  @Test
  void permissionMissingIsNotMistakenForAMissingFile() {
    folder.denied.add(TRAIN_IMAGES);
    refused("no permission", "mem://data");
    folder.listable = false;
    refused("no permission", "mem://data");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 15})
  void truncatedHeader(int length) {
    folder.put(TRAIN_IMAGES, Arrays.copyOf(Idx.images(4, 3, 5), length));
    refused("mem://data/" + TRAIN_IMAGES, "truncated", length + " bytes");
  }

  @Test
  void truncatedPixels() {
    folder.put(TRAIN_IMAGES, Arrays.copyOf(Idx.images(4, 3, 5), 75));
    refused(TRAIN_IMAGES, "truncated", "76 bytes expected", "75 found");
  }

  @Test
  void truncatedLabels() {
    folder.put(TRAIN_LABELS, Arrays.copyOf(Idx.labels(0, 1, 2, 1), 10));
    refused(TRAIN_LABELS, "truncated", "12 bytes expected");
  }

  @Test
  void truncatedGzip() {
    byte[] packed = Idx.gzip(Idx.images(400, 3, 5));
    gzipped(Arrays.copyOf(packed, packed.length / 2));
    refused(TRAIN_IMAGES + ".gz", "truncated", "6,016 bytes expected unpacked", "found");
    gzipped(Arrays.copyOf(packed, packed.length - 4));
    refused(TRAIN_IMAGES + ".gz", "truncated", "no end");
    gzipped(Arrays.copyOf(packed, 5));
    refused(TRAIN_IMAGES + ".gz", "truncated");
  }

  private void gzipped(byte[] content) {
    folder.remove(TRAIN_IMAGES).put(TRAIN_IMAGES + ".gz", content);
  }

  @Test
  void damagedGzip() {
    byte[] packed = Idx.gzip(Idx.images(4, 3, 5));
    packed[packed.length - 6] ^= 1; // the checksum
    gzipped(packed);
    refused(TRAIN_IMAGES + ".gz", "damaged");
  }

  @Test
  void namedGzipButIsNot() {
    gzipped("<html>Not found</html>".getBytes(StandardCharsets.UTF_8));
    refused(TRAIN_IMAGES + ".gz", "not gzip");
  }

  @Test
  void wrongMagicSaysWhatWasFound() {
    folder.put(TRAIN_IMAGES, Idx.labels(0, 1));
    refused(TRAIN_IMAGES, "00000801", "00000803", "swapped");
    folder.put(TRAIN_IMAGES, Idx.images(4, 3, 5)).put(TRAIN_LABELS, Idx.images(4, 3, 5));
    refused(TRAIN_LABELS, "00000803", "00000801", "swapped");
    folder.put(TRAIN_LABELS, "<html>".getBytes(StandardCharsets.UTF_8));
    refused(TRAIN_LABELS, "3c68746d");
  }

  @Test
  void trailingBytes() {
    folder.put(TRAIN_IMAGES, Arrays.copyOf(Idx.images(4, 3, 5), 77));
    refused(TRAIN_IMAGES, "goes on after the 76 bytes");
  }

  @Test
  void zeroImages() {
    folder.put(TRAIN_IMAGES, Idx.images(0, 3, 5));
    refused(TRAIN_IMAGES, "no images");
  }

  @Test
  void impossibleSizes() {
    byte[] file = Idx.images(4, 3, 5);
    ByteBuffer.wrap(file).putInt(4, -1);
    folder.put(TRAIN_IMAGES, file);
    refused(TRAIN_IMAGES, "4,294,967,295 images");
    ByteBuffer.wrap(file).putInt(4, 2_000_000_000).putInt(8, 40_000);
    refused(TRAIN_IMAGES, "memory");
  }

  @Test
  void labelCountThatLiesCostsNoMemory() {
    byte[] file = Idx.labels(0, 1, 2, 1);
    ByteBuffer.wrap(file).putInt(4, 2_000_000_000);
    folder.put(TRAIN_LABELS, file);
    refused(TRAIN_LABELS, "truncated", "2,000,000,008 bytes expected");
  }

  @Test
  void countsThatDiffer() {
    folder.put(TRAIN_LABELS, Idx.labels(0, 1, 2));
    refused(TRAIN_IMAGES, "4 images", TRAIN_LABELS, "3 labels");
  }

  @Test
  void sizesThatDiffer() {
    folder.put(TEST_IMAGES, Idx.images(2, 4, 5));
    refused(TEST_IMAGES, "4 x 5", TRAIN_IMAGES, "3 x 5");
    folder.put(TEST_IMAGES, Idx.images(2, 3, 4));
    refused(TEST_IMAGES, "3 x 4", TRAIN_IMAGES, "3 x 5");
  }
}
