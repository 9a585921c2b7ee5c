package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.Sha256;
import io.fashionmnist.training.trainer.SideBySide;
import io.fashionmnist.training.trainer.storage.Folder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Reads a data set of four IDX files, gzipped or not, by the names that MNIST and its successors
 * give them. The files are decoded side by side, straight into memory outside the heap.
 *
 * @param classNames what the classes are called; absent: as {@code class-names.txt} beside the data
 *     says, else Fashion-MNIST's names for Fashion-MNIST, else by number
 */
public record DatasetReader(Optional<List<String>> classNames) {

  public DatasetReader {
    classNames = classNames.map(List::copyOf);
  }

  /**
   * Reads everything.
   *
   * @param arena owns the pixels: the data set is usable, from any thread, until it is closed. Use
   *     {@link Arena#ofShared}: an automatic arena would count against {@code
   *     -XX:MaxDirectMemorySize}, which is as small as the heap.
   * @throws BadInputException naming the file, if one is missing, damaged or does not fit the
   *     others
   * @throws IOException what may work later
   */
  public Dataset read(Folder folder, Arena arena) throws IOException, InterruptedException {
    DataFolder data = new DataFolder(folder);
    try (SideBySide files = new SideBySide()) {
      var trainImages = files.start(images(data, DataFile.TRAIN_IMAGES, arena));
      var trainLabels = files.start(labels(data, DataFile.TRAIN_LABELS));
      var testImages = files.start(images(data, DataFile.TEST_IMAGES, arena));
      var testLabels = files.start(labels(data, DataFile.TEST_LABELS));
      return dataset(
          data, trainImages.get(), trainLabels.get(), testImages.get(), testLabels.get());
    }
  }

  private static Callable<PixelFile> images(DataFolder data, DataFile file, Arena arena) {
    return () -> {
      DataFolder.Found found = data.open(file);
      try (IdxStream idx = new IdxStream(found.uri(), found.content())) {
        return PixelFile.read(found.uri(), idx, arena);
      }
    };
  }

  private static Callable<LabelFile> labels(DataFolder data, DataFile file) {
    return () -> {
      DataFolder.Found found = data.open(file);
      try (IdxStream idx = new IdxStream(found.uri(), found.content())) {
        return LabelFile.read(found.uri(), idx);
      }
    };
  }

  private Dataset dataset(
      DataFolder data,
      PixelFile trainImages,
      LabelFile trainLabels,
      PixelFile testImages,
      LabelFile testLabels)
      throws IOException {
    ImageSet train = imageSet(trainImages, trainLabels);
    ImageSet test = imageSet(testImages, testLabels);
    if (train.height() != test.height() || train.width() != test.width()) {
      throw new BadInputException(
          ("%s has images of %d x %d pixels (height x width) but %s of %d x %d;"
                  + " both must have one size")
              .formatted(
                  testImages.uri(),
                  test.height(),
                  test.width(),
                  trainImages.uri(),
                  train.height(),
                  train.width()));
    }
    String digest = digest(trainImages, trainLabels, testImages, testLabels);
    return new Dataset(train, test, names(data, trainLabels, testLabels, digest), digest);
  }

  private List<String> names(DataFolder data, LabelFile train, LabelFile test, String digest)
      throws IOException {
    if (classNames.isPresent()) {
      return ClassNames.covering(classNames.get(), "the list of class names", train, test);
    }
    Optional<List<String>> beside = ClassNames.read(data);
    if (beside.isPresent()) {
      return ClassNames.covering(beside.get(), ClassNames.FILE, train, test);
    }
    return ClassNames.builtIn(digest, Math.max(train.largest(), test.largest()) + 1);
  }

  private static ImageSet imageSet(PixelFile images, LabelFile labels) {
    if (images.count() != labels.labels().length) {
      throw new BadInputException(
          "%s has %,d images but %s has %,d labels; every image needs one label"
              .formatted(images.uri(), images.count(), labels.uri(), labels.labels().length));
    }
    return new ImageSet(images.pixels(), labels.labels(), images.height(), images.width());
  }

  private static String digest(
      PixelFile trainImages, LabelFile trainLabels, PixelFile testImages, LabelFile testLabels) {
    MessageDigest digest = Sha256.create();
    update(digest, trainImages, trainLabels);
    update(digest, testImages, testLabels);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, PixelFile images, LabelFile labels) {
    ByteBuffer dimensions = ByteBuffer.allocate(3 * Integer.BYTES);
    dimensions.putInt(images.count()).putInt(images.height()).putInt(images.width());
    digest.update(dimensions.array());
    digest.update(images.sha256());
    digest.update(labels.sha256());
  }
}
