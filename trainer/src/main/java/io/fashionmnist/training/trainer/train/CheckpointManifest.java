package io.fashionmnist.training.trainer.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.trainer.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a checkpoint is of, and how its other files must look; written last, it makes the checkpoint
 * complete.
 *
 * @param digests SHA-256 of every other file of the checkpoint, by its name
 */
record CheckpointManifest(
    TrainingIdentity identity, TrainingPosition position, Map<String, String> digests) {
  private static final ObjectMapper JSON = new ObjectMapper();

  CheckpointManifest {
    Objects.requireNonNull(identity);
    Objects.requireNonNull(position);
    digests = new TreeMap<>(digests);
  }

  /** A checkpoint's content is not what its manifest says, or there is no telling. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  /** Describes files as they are. */
  static CheckpointManifest of(
      TrainingIdentity identity, TrainingPosition position, Iterable<Path> files)
      throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (Path file : files) {
      digests.put(file.getFileName().toString(), digest(file));
    }
    return new CheckpointManifest(identity, position, digests);
  }

  static CheckpointManifest read(InputStream in) throws IOException {
    try {
      // The JSON null makes no manifest either.
      return Optional.ofNullable(JSON.readValue(in, CheckpointManifest.class))
          .orElseThrow(() -> new DamagedException("the manifest is empty"));
    } catch (JsonProcessingException e) {
      throw new DamagedException("the manifest cannot be read");
    }
  }

  byte[] json() throws JsonProcessingException {
    return JSON.writeValueAsBytes(this);
  }

  /** Refuses a file that is not as it was. */
  void require(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (!digest(file).equals(digests.get(name))) {
      throw new DamagedException("the digest of " + name + " does not fit");
    }
  }

  private static String digest(Path file) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), Sha256.create())) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
  }
}
