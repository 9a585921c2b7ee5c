package io.fashionmnist.training.trainer.storage;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the disks have room for what is about to be written. Buckets always have. */
public final class DiskSpace {
  private static final double MEGABYTE = 1e6;

  private final Stores stores;

  /** Finds out which file store a path that exists is on. */
  @FunctionalInterface
  interface Stores {
    FileStore of(Path path) throws IOException;
  }

  /**
   * Something that will be written.
   *
   * @param what in words, as in "the model"
   */
  public record Need(Path directory, String what, long bytes) {

    /** In a folder, without what it holds already; nothing where it is no directory. */
    public static Stream<Need> in(Folder folder, String what, long bytes) throws IOException {
      if (!(folder instanceof LocalFolder local)) {
        return Stream.empty();
      }
      long there = 0;
      for (String file : local.list()) {
        there += Files.size(local.path(file));
      }
      return bytes > there
          ? Stream.of(new Need(local.path(""), what, bytes - there))
          : Stream.empty();
    }
  }

  /** Of the disks that there are. */
  public DiskSpace() {
    this(Files::getFileStore);
  }

  DiskSpace(Stores stores) {
    this.stores = stores;
  }

  /**
   * Refuses what does not find room, the needs on one disk taken together.
   *
   * @throws BadInputException saying what is needed, for what, and what is there
   */
  public void require(List<Need> needs) {
    Map<FileStore, List<Need>> byStore = new LinkedHashMap<>();
    for (Need need : needs) {
      try {
        byStore
            .computeIfAbsent(stores.of(existing(need.directory())), _ -> new ArrayList<>())
            .add(need);
      } catch (IOException e) {
        // Nobody knows: the write will tell.
        continue;
      }
    }
    byStore.forEach(DiskSpace::require);
  }

  private static void require(FileStore store, List<Need> needs) {
    long needed = needs.stream().mapToLong(Need::bytes).sum();
    long usable;
    try {
      // Some network file systems do not tell, and say that they have no room at all.
      usable = store.getTotalSpace() == 0 ? Long.MAX_VALUE : store.getUsableSpace();
    } catch (IOException e) {
      return;
    }
    if (usable < needed) {
      throw new BadInputException(
          "Not enough room at %s: %s will be written there, %s in all, and %s are free; free some, or choose another place"
              .formatted(
                  needs.getFirst().directory(),
                  needs.stream()
                      .map(need -> "%s (%s)".formatted(need.what(), megabytes(need.bytes())))
                      .collect(Collectors.joining(", ")),
                  megabytes(needed),
                  megabytes(usable)));
    }
  }

  private static String megabytes(long bytes) {
    return "%,.1f MB".formatted(bytes / MEGABYTE);
  }

  private static Path existing(Path directory) {
    Path path = directory.toAbsolutePath();
    while (Files.notExists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }
}
