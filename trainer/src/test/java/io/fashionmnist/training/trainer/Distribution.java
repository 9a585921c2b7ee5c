package io.fashionmnist.training.trainer;

import io.fashionmnist.training.trainer.cli.Main;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** The program's distribution, made of the classes under test and the launcher that users run. */
final class Distribution {
  private static final Path LAUNCHER = Path.of("src/main/dist/bin/fashion-trainer");

  private Distribution() {}

  /**
   * Lays out a distribution.
   *
   * @return its launcher
   */
  static Path in(Path directory) throws IOException {
    Path launcher = directory.resolve("bin/fashion-trainer");
    Files.createDirectories(launcher.getParent());
    Files.copy(LAUNCHER, launcher);
    Path jar = directory.resolve("lib/fashion-trainer.jar");
    Files.createDirectories(jar.getParent());
    Attributes attributes = new Attributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    attributes.put(Attributes.Name.CLASS_PATH, classPath());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putAll(attributes);
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    return launcher;
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toUri().toString())
        .collect(Collectors.joining(" "));
  }
}
