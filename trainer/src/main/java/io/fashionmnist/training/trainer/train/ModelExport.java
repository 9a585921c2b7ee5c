package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.model.InferenceModel;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.Scratch;
import io.fashionmnist.training.trainer.storage.Writing;
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
 * @param scratch to make it in
 */
record ModelExport(Folder folder, Scratch scratch) {

  /**
   * Writes the SavedModel and its metadata.
   *
   * @throws IOException where the folder cannot be written
   */
  void write(InferenceModel model, ModelMetadata metadata) throws IOException {
    Path directory = scratch.resolve("model");
    byte[] description = metadata.json();
    scratch.write(
        () -> {
          model.export(directory);
          Files.write(directory.resolve("metadata.json"), description);
        });
    List<Path> files = filesIn(directory);
    Writing.to(
        folder,
        () -> {
          for (Path file : files) {
            String name = directory.relativize(file).toString();
            folder.upload(file, name.replace(file.getFileSystem().getSeparator(), "/"));
          }
        });
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
