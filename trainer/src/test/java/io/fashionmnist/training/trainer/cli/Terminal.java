package io.fashionmnist.training.trainer.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The program with its output caught, and a launcher that only remembers what it got. */
final class Terminal {
  private static final Instant START = Instant.parse("2025-04-30T12:34:56Z");

  final Map<String, String> environment = new HashMap<>();
  final List<TrainRequest> requests = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final TrainingLauncher launcher;

  Terminal() {
    this(_ -> 0);
  }

  Terminal(TrainingLauncher launcher) {
    this.launcher = launcher;
  }

  int run(String... arguments) {
    FashionTrainer program =
        new FashionTrainer(
            request -> {
              requests.add(request);
              return launcher.launch(request);
            },
            environment,
            Clock.fixed(START, ZoneOffset.UTC),
            new PrintWriter(out),
            new PrintWriter(err));
    return program.run(arguments);
  }

  /** Runs a command that must succeed in starting one training. */
  TrainRequest request(String... arguments) {
    int code = run(arguments);
    if (code != 0 || requests.size() != 1) {
      throw new AssertionError("exit code " + code + ": " + err);
    }
    return requests.getFirst();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
