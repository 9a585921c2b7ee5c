package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.kubectl.text.Screen;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** What a command has around it: the process's environment and streams, and the time. */
public record Surroundings(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    InstantSource clock) {

  /** Where answers go. */
  Screen screen() {
    return Screen.of(out, environment);
  }

  /** A variable that is set to something. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }
}
