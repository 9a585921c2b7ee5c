package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.checkpoints;
import static io.fashionmnist.training.trainer.SmallTraining.command;
import static io.fashionmnist.training.trainer.SmallTraining.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.fashionmnist.training.trainer.cli.ProgramRun;
import io.fashionmnist.training.trainer.storage.RefusingBucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the user has to change is told in one line, with exit code 2 and nothing half-written. */
class BadInputTest {
  private static final int STEPS_PER_EPOCH = 12;
  private static final SmallDataset SHAPES = SmallDataset.shapes();

  @TempDir static Path shared;
  @TempDir Path directory;

  private static Path good;

  @BeforeAll
  static void writeData() throws IOException {
    good = SHAPES.writeTo(shared.resolve("data"));
  }

  /** Makes a bad data set in a directory. */
  @FunctionalInterface
  interface BadData {
    void writeTo(Path directory) throws IOException;
  }

  private static Arguments data(String name, BadData data, String... words) {
    return argumentSet(name, data, List.of(words));
  }

  static Stream<Arguments> badData() {
    return Stream.of(
        data(
            "no directory",
            _ -> {},
            "data has no training images",
            "train-images-idx3-ubyte, plain or .gz"),
        data(
            "no labels",
            at -> Files.delete(SHAPES.writeTo(at).resolve(SmallDataset.TEST_LABELS)),
            "data has no test labels",
            "t10k-labels-idx1-ubyte"),
        data(
            "truncated images",
            at -> change(SHAPES.writeTo(at), bytes -> Arrays.copyOf(bytes, bytes.length - 100)),
            "data/train-images-idx3-ubyte.gz is truncated",
            "102,416 bytes expected",
            "102,316 found"),
        data(
            "more images than the header says",
            at -> change(SHAPES.writeTo(at), bytes -> Arrays.copyOf(bytes, bytes.length + 100)),
            "data/train-images-idx3-ubyte.gz goes on after the 102,416 bytes"),
        data(
            "truncated gzip",
            at -> {
              Path file = SHAPES.writeTo(at).resolve(SmallDataset.TRAIN_IMAGES);
              Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5_000));
            },
            "data/train-images-idx3-ubyte.gz is truncated"),
        data(
            "gzip cut off within its header",
            at -> {
              Path file = SHAPES.writeTo(at).resolve(SmallDataset.TRAIN_IMAGES);
              Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5));
            },
            "data/train-images-idx3-ubyte.gz is truncated"),
        data(
            "damaged gzip",
            at -> {
              Path file = SHAPES.writeTo(at).resolve(SmallDataset.TRAIN_IMAGES);
              byte[] bytes = Files.readAllBytes(file);
              Arrays.fill(bytes, 10, 40, (byte) 0xff);
              Files.write(file, bytes);
            },
            "data/train-images-idx3-ubyte.gz is damaged"),
        data(
            "not gzipped",
            at ->
                Files.writeString(
                    SHAPES.writeTo(at).resolve(SmallDataset.TRAIN_IMAGES), "<html>not found"),
            "data/train-images-idx3-ubyte.gz is named .gz but is not gzip"),
        data(
            "wrong magic number",
            at -> change(SHAPES.writeTo(at), bytes -> ByteBuffer.wrap(bytes).putInt(7).array()),
            "data/train-images-idx3-ubyte.gz is not an IDX file of images",
            "00000007 instead of 00000803"),
        data(
            "other number of labels",
            at -> {
              SHAPES.writeTo(at);
              take(
                  SmallDataset.TRAIN_IMAGES,
                  SHAPES.withTrain(399).writeTo(at.resolve("other")),
                  at);
            },
            "train-images-idx3-ubyte.gz has 399 images",
            "train-labels-idx1-int.gz has 400 labels"),
        data(
            "label out of range",
            at -> SHAPES.withLabels(i -> i == 5 ? 1_000 : i % 2).writeTo(at),
            "-labels-idx1-int.gz has label 1000 at index 5",
            "0 to 999"),
        data(
            "negative label",
            at -> SHAPES.withLabels(i -> i == 6 ? -1 : i % 2).writeTo(at),
            "-labels-idx1-int.gz has label -1 at index 6",
            "0 to 999"),
        data(
            "no images",
            at -> SHAPES.withTrain(0).writeTo(at),
            "data/train-images-idx3-ubyte.gz has no images"),
        data(
            "other size of test images",
            at -> {
              SHAPES.writeTo(at);
              take(SmallDataset.TRAIN_IMAGES, SHAPES.withSide(20).writeTo(at.resolve("other")), at);
            },
            "data/t10k-images-idx3-ubyte.gz has images of 16 x 16",
            "data/train-images-idx3-ubyte.gz of 20 x 20"),
        data(
            "a class with one image",
            at -> SHAPES.withLabels(i -> i == 0 ? 7 : i % 7).writeTo(at),
            "class 7 has a single training image"),
        data(
            "a class that is only tested",
            at -> {
              SHAPES.writeTo(at);
              take(
                  SmallDataset.TRAIN_LABELS,
                  SHAPES.withLabels(i -> i % 7).writeTo(at.resolve("other")),
                  at);
            },
            "class 7 (label 7) has 10 test images but no training images"),
        data(
            "a single class",
            at -> SHAPES.withLabels(_ -> 0).writeTo(at),
            "all training images are of one class, class 0 (label 0)"),
        data(
            "a single class that is not the first",
            at -> SHAPES.withLabels(_ -> 3).writeTo(at),
            "all training images are of one class, class 3 (label 3)"),
        data(
            "a batch larger than the data",
            at -> SHAPES.withTrain(32).writeTo(at),
            "batchSize is 32",
            "24 training images"));
  }

  @ParameterizedTest
  @MethodSource("badData")
  void badDataIsNamed(BadData data, List<String> words) throws Exception {
    Path output = directory.resolve("output");
    Path where = directory.resolve("data");
    data.writeTo(where);

    ProgramRun run = ProgramRun.of(Map.of(), command(where, output));

    assertRefused(run, words.toArray(String[]::new));
    assertThat(files(output)).isEmpty();
    assertThat(output.resolve("model")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --model.filters=4,4,4,4,4        | images of 16 x 16 are too small for model.filters [4, 4, 4, 4, 4] | 5 blocks need 32 x 32
          --batch-size=361                 | batchSize is 361 but there are only 360 training images             | at most 360
          --class-names=a,b,c              | the list of class names names 3 classes                             | name at least 8
          --data=s3://bucket/fashion       | s3://bucket/fashion: unknown scheme s3                            | gs://
          --data=pvc://claim/fashion       | pvc://claim/fashion                                               | only the operator
          --data=gs://B/fashion            | gs://B/fashion: no valid bucket name                              | gs://bucket/prefix
          --output=s3://bucket/fashion     | s3://bucket/fashion: unknown scheme s3                            | gs://
          --output=pvc://claim/fashion     | pvc://claim/fashion                                               | only the operator
          --output=https://example.com/out | https://example.com/out                                           | web addresses are for reading
          --output=/proc/x                 | Cannot write to /proc/x                                           | choose another directory
          --resume-from=s3://bucket/run    | s3://bucket/run: unknown scheme s3                                | gs://
          """)
  void aBadOptionIsNamed(String option, String what, String advice) throws Exception {
    Path output = directory.resolve("output");

    ProgramRun run = ProgramRun.of(Map.of(), command(good, output, option));

    assertRefused(run, what, advice);
    assertThat(files(output)).isEmpty();
    assertThat(output.resolve("model")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --model.dense-dropout=1        | --model.dense-dropout=1: must be at least 0 and less than 1
          --optimizer.learning-rate=-0.1 | --optimizer.learning-rate=-0.1: must be more than 0 and at most 10
          --model.filters=               | --model.filters=: must have 1 to 8 entries
          """)
  void aSettingOutOfItsRangeIsToldBeforeAnythingIsTouched(String option, String message) {
    Path output = directory.resolve("output");

    ProgramRun run = ProgramRun.of(Map.of(), command(good, output, option));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly("fashion-trainer: " + message, "See 'fashion-trainer train --help'.");
    assertThat(run.out()).isEmpty();
    assertThat(output).doesNotExist();
  }

  @Test
  void dataThatADiskDoesNotGiveIsNamedAndMayBeTriedAgain() throws Exception {
    Path data = SHAPES.writeTo(directory.resolve("data"));
    Path images = data.resolve(SmallDataset.TRAIN_IMAGES);
    Files.delete(images);
    // A file whose reading fails, even for root: nothing is mapped at the address 0.
    Files.createSymbolicLink(images, Path.of("/proc/self/mem"));
    Path output = directory.resolve("output");

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));

    assertThat(run.exitCode()).as("%s", run).isEqualTo(1);
    assertThat(error(run)).isEqualTo("Cannot read " + images + ": Input/output error");
    assertThat(files(output)).isEmpty();

    ProgramRun shown = ProgramRun.of(Map.of(), command(data, output, "--log-format=Text"));

    assertThat(shown.exitCode()).as("%s", shown).isEqualTo(1);
    assertThat(shown.err())
        .isEqualTo("fashion-trainer: Cannot read " + images + ": Input/output error\n");
  }

  @Test
  void anOutputThatIsAFileIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("output"), "precious");

    ProgramRun run = ProgramRun.of(Map.of(), command(good, file));

    assertRefused(run, file.toString(), "there is a file where a directory should be");
    assertThat(file).hasContent("precious");
  }

  @Test
  void aPlaceForLogsThatIsAFileIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("logs"), "precious");
    Path output = directory.resolve("output");

    ProgramRun run =
        ProgramRun.of(Map.of("AIP_TENSORBOARD_LOG_DIR", file.toString()), command(good, output));

    assertRefused(run, file.toString(), "there is a file where a directory should be");
    assertThat(files(output)).isEmpty();
  }

  @Test
  void ofABadOutputAndBadDataTheOutputIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("output"), "precious");

    ProgramRun run = ProgramRun.of(Map.of(), command(directory.resolve("no data"), file));

    assertRefused(run, file.toString(), "there is a file where a directory should be");
  }

  @Test
  void aBucketThatMayNotBeWrittenIsNamedWithTheMissingPermission() throws Exception {
    try (RefusingBucket bucket = RefusingBucket.withoutPermission("storage.objects.create")) {
      ProgramRun run = ProgramRun.of(bucket.environment(), command(good, "gs://fashion/runs/1"));

      assertRefused(
          run,
          "Cannot write to gs://fashion/runs/1: needs storage.objects.create",
          "trainer@p.iam.gserviceaccount.com",
          "grant this identity roles/storage.objectUser on the bucket");
    }
  }

  @Test
  void aBucketThatMayNotBeReadIsNamedWithTheMissingPermission() throws Exception {
    Path output = directory.resolve("output");
    try (RefusingBucket bucket = RefusingBucket.withoutPermission("storage.objects.get")) {
      ProgramRun run = ProgramRun.of(bucket.environment(), command("gs://fashion/data", output));

      assertRefused(
          run,
          "no permission to read gs://fashion/data",
          "needs storage.objects.get",
          "trainer@p.iam.gserviceaccount.com",
          "grant read access to the data");
      assertThat(files(output)).isEmpty();
    }
  }

  @Test
  void whoeverHasNoCredentialsIsToldHowToGetThem() throws Exception {
    try (RefusingBucket bucket =
        new RefusingBucket(401, "Anonymous caller does not have access.", Integer.MAX_VALUE)) {
      ProgramRun run =
          ProgramRun.of(
              bucket.environment(), command("gs://fashion/data", directory.resolve("output")));

      assertRefused(
          run,
          "cannot read gs://fashion/data",
          "needs credentials with storage.objects.get",
          "run `gcloud auth application-default login` or set GOOGLE_APPLICATION_CREDENTIALS");
      assertThat(error(run)).doesNotContain("grant");
    }
  }

  @Test
  void onATerminalTheLineComesOnTheErrorStream() throws Exception {
    Path output = directory.resolve("output");

    ProgramRun run =
        ProgramRun.of(
            Map.of(), command(good, output, "--model.filters=4,4,4,4,4", "--log-format=Text"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("fashion-trainer: images of 16 x 16 are too small");
  }

  @Test
  void trainingThatDivergesKeepsTheLastGoodCheckpoint() throws Exception {
    Path output = directory.resolve("output");
    // Every step turns the weights round and makes them half as large again.
    String[] command =
        command(
            good,
            output,
            "--optimizer.learning-rate=10",
            "--optimizer.weight-decay=0.25",
            "--optimizer.clip-norm=0",
            "--schedule.type=Constant",
            "--checkpoints.keep=1",
            "--epochs=100");

    ProgramRun run = ProgramRun.of(Map.of(), command);

    assertRefused(run, "training diverged", "at step ", "optimizer.learningRate");
    int epochs = (stepOf(error(run)) - 1) / STEPS_PER_EPOCH;
    assertThat(epochs).isPositive();
    String lastGood = "step-%08d".formatted(epochs * STEPS_PER_EPOCH);
    assertThat(checkpoints(output)).containsExactly(lastGood);
    assertThat(output.resolve("model")).doesNotExist();
    assertThat(Files.readString(output.resolve("report.json"))).doesNotContain("\"test\"", "NaN");

    ProgramRun again = ProgramRun.of(Map.of(), command);

    assertThat(again.out())
        .contains("Continues from a checkpoint", lastGood)
        .doesNotContain("WARNING");
    assertRefused(again, error(run));
    assertThat(checkpoints(output)).containsExactly(lastGood);
  }

  private static int stepOf(String message) {
    Matcher step = Pattern.compile("at step (\\d+) ").matcher(message);
    assertThat(step.find()).as(message).isTrue();
    return Integer.parseInt(step.group(1));
  }

  private static void assertRefused(ProgramRun run, String... words) throws IOException {
    assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
    assertThat(error(run)).contains(words).doesNotContain("\n", "Exception");
  }

  /** The one error: in the log, or, where there is no log yet, on the error stream. */
  private static String error(ProgramRun run) throws IOException {
    Stream<String> logged =
        SmallTraining.log(run.out()).stream()
            .filter(line -> line.path("severity").textValue().equals("ERROR"))
            .map(line -> line.path("message").textValue());
    List<String> errors = Stream.concat(logged, run.err().lines()).toList();
    assertThat(errors).as("%s", run).hasSize(1);
    return errors.getFirst();
  }

  /** Takes a file of another data set. */
  private static void take(String file, Path other, Path data) throws IOException {
    Files.move(other.resolve(file), data.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Changes what is in the gzipped file of the training images. */
  private static void change(Path data, UnaryOperator<byte[]> change) throws IOException {
    Path file = data.resolve(SmallDataset.TRAIN_IMAGES);
    byte[] content;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      content = in.readAllBytes();
    }
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(change.apply(content));
    }
  }
}
