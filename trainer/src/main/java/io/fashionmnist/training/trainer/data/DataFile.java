package io.fashionmnist.training.trainer.data;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One of the four files that a data set is made of, and the names it usually has. */
enum DataFile {
  TRAIN_IMAGES("training images", List.of("train"), "images", List.of("idx3-ubyte")),
  TRAIN_LABELS(
      "training labels",
      List.of("train"),
      "labels",
      List.of("idx1-ubyte", "idx1-short", "idx1-int")),
  TEST_IMAGES("test images", List.of("t10k", "test"), "images", List.of("idx3-ubyte")),
  TEST_LABELS(
      "test labels",
      List.of("t10k", "test"),
      "labels",
      List.of("idx1-ubyte", "idx1-short", "idx1-int"));

  private final String description;
  private final List<String> names;

  DataFile(String description, List<String> sets, String content, List<String> types) {
    this.description = description;
    this.names =
        sets.stream()
            .flatMap(set -> types.stream().flatMap(type -> spellings(set, content, type)))
            .toList();
  }

  private static Stream<String> spellings(String set, String content, String type) {
    return Stream.of("-", ".")
        .flatMap(
            separator ->
                Stream.of("", ".gz").map(end -> set + "-" + content + separator + type + end));
  }

  /** What it is, in words. */
  String description() {
    return description;
  }

  /** What is looked for, in words. */
  String pattern() {
    return names.stream().filter(name -> !name.contains(".")).collect(Collectors.joining(" or "))
        + ", plain or .gz";
  }

  /** The names it may have, the usual ones first. */
  List<String> names() {
    return names;
  }
}
