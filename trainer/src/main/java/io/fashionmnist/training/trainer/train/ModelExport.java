package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.model.InferenceModel;
import io.fashionmnist.training.trainer.storage.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Brings a finished model to where it belongs.
 *
 * @param folder of the SavedModel
 * @param scratch a local directory to make it in
 */
record ModelExport(Folder folder, Path scratch) {

  /**
   * Writes the SavedModel and its metadata.
   *
   * @throws IOException where the folder cannot be written
   */
  void write(InferenceModel model, ModelMetadata metadata) throws IOException {
    Path directory = scratch.resolve("model");
    model.export(directory);
    Files.write(directory.resolve("metadata.json"), metadata.json());
    for (Path file : filesIn(directory)) {
      String name = directory.relativize(file).toString();
      folder.upload(file, name.replace(file.getFileSystem().getSeparator(), "/"));
    }
  }

  /** What makes the directory a model comes last: one that breaks off is none. */
  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparing(file -> file.endsWith("saved_model.pb")))
          .toList();
    }
  }
}
