package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.MissingCredentialsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds files that may have one of several names: by the folder's list, or, where it has none, by
 * trying one name after the other.
 */
final class DataFolder {
  /** How many of a folder's files an error names. */
  private static final int SHOWN = 8;

  private final Folder folder;
  private final Optional<List<String>> listing;

  DataFolder(Folder folder) throws IOException {
    this.folder = folder;
    this.listing = listing(folder);
  }

  /** An open file. */
  record Found(String uri, InputStream content) {}

  private static Optional<List<String>> listing(Folder folder) throws IOException {
    try {
      return Optional.of(folder.names());
    } catch (UnsupportedOperationException | AccessDeniedException e) {
      // Many buckets may be read but not listed.
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of(List.of());
    }
  }

  String uri() {
    return folder.uri();
  }

  Found open(DataFile file) throws IOException {
    return open(file.names())
        .orElseThrow(
            () ->
                new BadInputException(
                    "%s has no %s: looked for %s%s. Give --data a place that has them; `make data` brings Fashion-MNIST"
                        .formatted(
                            folder.uri(), file.description(), file.pattern(), whatIsThere())));
  }

  /** Opens the first of these files that is there. */
  Optional<Found> open(List<String> names) throws IOException {
    Optional<AccessDeniedException> denied = Optional.empty();
    for (String name : names) {
      if (listing.isPresent() && !listing.get().contains(name)) {
        continue;
      }
      try {
        return Optional.of(new Found(uri(name), folder.open(name)));
      } catch (NoSuchFileException e) {
        // The next name may be there.
      } catch (AccessDeniedException e) {
        denied = Optional.of(e);
      }
    }
    if (denied.isPresent() && (listing.isPresent() || names.size() > 1)) {
      throw refusal(denied.get());
    }
    return Optional.empty();
  }

  private BadInputException refusal(AccessDeniedException denied) {
    String message =
        denied instanceof MissingCredentialsException
            ? "cannot read %s: %s"
            : "no permission to read %s: %s; grant read access to the data";
    return new BadInputException(message.formatted(folder.uri(), denied.getMessage()), denied);
  }

  private String uri(String name) {
    String folderUri = folder.uri();
    return folderUri.endsWith("/") ? folderUri + name : folderUri + "/" + name;
  }

  private String whatIsThere() {
    if (listing.isEmpty()) {
      return "";
    }
    List<String> files = listing.get();
    if (files.isEmpty()) {
      return "; nothing is there";
    }
    return "; there "
        + (files.size() == 1 ? "is " : "are ")
        + files.stream().limit(SHOWN).collect(Collectors.joining(", "))
        + (files.size() > SHOWN ? " and %,d more".formatted(files.size() - SHOWN) : "");
  }
}
