package io.fashionmnist.training.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints what became of each scenario, and how long it took. */
final class ScenarioTable implements BeforeEachCallback, AfterAllCallback, TestWatcher {
  /** Of scenarios that take minutes and are about what a shorter one is about, too. */
  static final String LONG = "takes minutes: E2E_LONG=1 runs it";

  private final List<String> rows = new ArrayList<>();
  private Instant start = Instant.now();

  @Override
  public void beforeEach(ExtensionContext context) {
    start = Instant.now();
    System.out.printf("---- %s%n", context.getDisplayName());
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    row(context, "passed");
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    row(context, "FAILED");
    System.out.printf("     %s%n", cause);
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    row(context, "skipped: " + cause.getMessage());
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    row(context, "skipped");
    reason.ifPresent(why -> System.out.printf("     %s%n", why));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    System.out.printf("%n%-60s %-8s %7s%n", "scenario", "result", "seconds");
    rows.forEach(System.out::print);
    System.out.println();
  }

  /** Told at once, and once more in the table. */
  private void row(ExtensionContext context, String result) {
    long seconds = Duration.between(start, Instant.now()).toSeconds();
    System.out.printf("     %s after %d s: %s%n", result, seconds, context.getDisplayName());
    rows.add("%-60s %-8s %7d%n".formatted(context.getDisplayName(), result, seconds));
  }
}
