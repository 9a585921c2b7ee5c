package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.storage.Folder;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a run's checkpoints are, a folder each: how they are called, which are there, and which
 * stay.
 */
record CheckpointFolder(Folder folder) {
  /** Written last, deleted first: a checkpoint without it is none. */
  static final String MANIFEST = "manifest.json";

  private static final String PREFIX = "step-";
  private static final Pattern NAME = Pattern.compile("(" + PREFIX + "\\d+(?:-in-epoch-\\d+)?)/.+");

  /** Within an epoch the name says so: after its last step, the validation has yet to come. */
  static String name(TrainingPosition position) {
    String name = PREFIX + "%08d".formatted(position.globalStep());
    return position.step() == 0 ? name : name + "-in-epoch-" + position.epoch();
  }

  /** The folder of a checkpoint. */
  Folder of(String name) {
    return folder.folder(name);
  }

  /** Names of all checkpoints of which there is a file, the newest first. */
  List<String> begun() throws IOException {
    return begun(folder.list());
  }

  private static List<String> begun(List<String> files) {
    return files.stream()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .distinct()
        .sorted(
            Comparator.comparingLong(CheckpointFolder::step)
                .reversed()
                .thenComparingInt(String::length))
        .toList();
  }

  private static long step(String name) {
    return Long.parseLong(name.substring(PREFIX.length()).replaceFirst("-.*", ""));
  }

  /**
   * Deletes what a new checkpoint makes superfluous: older ones beyond those to keep, and what a
   * broken save left. Newer ones are damaged, and do not count.
   */
  void keepNewest(String name, int keep) throws IOException {
    List<String> files = folder.list();
    List<String> fromNameOn =
        begun(files).stream().dropWhile(other -> !other.equals(name)).toList();
    List<String> kept =
        fromNameOn.stream()
            .filter(other -> files.contains(other + "/" + MANIFEST))
            .limit(keep)
            .toList();
    for (String other : fromNameOn) {
      if (!kept.contains(other)) {
        delete(other);
      }
    }
  }

  private void delete(String name) throws IOException {
    folder.delete(name + "/" + MANIFEST);
    for (String file : folder.list()) {
      if (file.startsWith(name + "/")) {
        folder.delete(file);
      }
    }
  }
}
