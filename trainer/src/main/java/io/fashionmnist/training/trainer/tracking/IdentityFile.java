package io.fashionmnist.training.trainer.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.trainer.storage.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** {@code tracking.json} among the results: which run of an experiment they belong to. */
final class IdentityFile {
  private static final String NAME = "tracking.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Folder folder;

  IdentityFile(Folder folder) {
    this.folder = folder;
  }

  /** What is kept there; empty where nothing is, or nothing that can be read. */
  Optional<RunIdentity> read() throws IOException {
    try (InputStream in = folder.open(NAME)) {
      return Optional.of(JSON.readValue(in, RunIdentity.class));
    } catch (NoSuchFileException | JsonProcessingException _) {
      return Optional.empty();
    }
  }

  void write(RunIdentity identity) throws IOException {
    folder.write(NAME, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(identity));
  }
}
