package io.fashionmnist.training.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A git repository that Argo CD reads, and a working copy of it. */
final class GitRepository {
  private final String url;
  private final Path copy;

  /**
   * @param folder the bare repository
   * @param url what Argo CD knows it by
   */
  GitRepository(Path folder, String url) {
    this.url = url;
    try {
      copy = Files.createTempDirectory(Path.of("target"), "git").toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    git("init", "--quiet", "--initial-branch", "main");
    git("remote", "add", "origin", folder.toString());
  }

  String url() {
    return url;
  }

  /** Writes a file; {@link #push} makes it known. */
  GitRepository write(String file, String content) {
    try {
      Path path = copy.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a folder of the project's sources, without what is not in them. */
  GitRepository copy(String folder) {
    TrainingCluster.run(
        "bash",
        "-c",
        "git ls-files -z --cached --others --exclude-standard \"$1\""
            + " | xargs -0 cp --parents --target-directory \"$2\"",
        "copy",
        folder,
        copy.toString());
    return this;
  }

  GitRepository delete(String file) {
    git("rm", "--quiet", file);
    return this;
  }

  void push() {
    git("add", "--all");
    git(
        "-c",
        "user.name=Team",
        "-c",
        "user.email=team@example.com",
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "--message",
        "Jobs");
    git("push", "--quiet", "origin", "main");
  }

  private void git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", copy.toString()));
    command.addAll(List.of(arguments));
    TrainingCluster.run(command.toArray(String[]::new));
  }
}
