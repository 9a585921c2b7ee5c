package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.FolderLocator;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.storage.Scratch;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Where a run works: the folders that its URIs name, and a local directory for files on their way,
 * which goes when this is closed.
 */
final class Workplace implements AutoCloseable {
  private final Map<String, String> environment;
  private final FolderLocator folders;
  private Optional<Scratch> scratch = Optional.empty();

  /** Touches neither disk nor network. */
  Workplace(Map<String, String> environment) {
    this.environment = environment;
    this.folders = new FolderLocator(environment);
  }

  /**
   * The folder that a URI names.
   *
   * @throws BadInputException if it names none
   */
  Folder folder(String uri) {
    return folders.locate(uri);
  }

  /**
   * The folders of an output.
   *
   * @throws BadInputException if it, or one of Vertex AI's variables, names none
   */
  OutputLayout output(String uri) {
    return OutputLayout.of(uri, environment, folders::locate);
  }

  /**
   * Makes the local directory.
   *
   * @throws BadInputException if it cannot be made
   */
  Scratch makeScratch() {
    Scratch made = Scratch.make();
    scratch = Optional.of(made);
    return made;
  }

  @Override
  public void close() throws IOException {
    try {
      folders.close();
    } finally {
      scratch.ifPresent(Scratch::close);
    }
  }
}
