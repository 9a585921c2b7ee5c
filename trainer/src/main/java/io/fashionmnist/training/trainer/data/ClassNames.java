package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What classes are called: as the user says, else as the data say, else by number. */
final class ClassNames {
  /** A file beside the images: one name a line, in the order of the classes. */
  static final String FILE = "class-names.txt";

  /** {@link Dataset#digest} of Fashion-MNIST's 60,000 and 10,000 images. */
  static final String FASHION_MNIST_DIGEST =
      "b62a15deaeb1e0dbf72a5c09696d9dbaa854c87abff899e3d65c2fbde3b2da29";

  static final List<String> FASHION_MNIST =
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

  private static final int MAX_FILE_BYTES = 1 << 20;

  private ClassNames() {}

  /** Names that the file beside the data gives, if there is one. */
  static Optional<List<String>> read(DataFolder folder) throws IOException {
    Optional<DataFolder.Found> found = folder.open(List.of(FILE));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = found.get().content()) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES);
      return Optional.of(
          distinct(found.get().uri(), new String(bytes, StandardCharsets.UTF_8).stripTrailing()));
    }
  }

  /** A name a line; what is left out or comes twice would give others' names to classes. */
  private static List<String> distinct(String uri, String text) {
    List<String> names = text.lines().map(String::strip).toList();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isEmpty()) {
        throw new BadInputException(
            "%s: line %d is empty; write the name of class %d there".formatted(uri, i + 1, i));
      }
      int first = names.indexOf(name);
      if (first < i) {
        throw new BadInputException(
            "%s: lines %d and %d are both %s; every class needs a name of its own"
                .formatted(uri, first + 1, i + 1, name));
      }
    }
    return names;
  }

  /** Names for data whose user gave none. */
  static List<String> builtIn(String digest, int classes) {
    return digest.equals(FASHION_MNIST_DIGEST)
        ? FASHION_MNIST
        : IntStream.range(0, classes).mapToObj(label -> "class " + label).toList();
  }

  /** Refuses names that do not cover the labels. */
  static List<String> covering(List<String> names, String source, LabelFile... files) {
    for (LabelFile file : files) {
      int largest = file.largest();
      if (largest >= names.size()) {
        throw new BadInputException(
            "%s has label %d at index %d, but %s names %d classes; name at least %d"
                .formatted(
                    file.uri(), largest, file.indexOf(largest), source, names.size(), largest + 1));
      }
    }
    if (names.size() > LabelFile.MAX_CLASSES) {
      throw new BadInputException(
          "%s names %,d classes; at most %,d can be told apart"
              .formatted(source, names.size(), LabelFile.MAX_CLASSES));
    }
    return names;
  }
}
