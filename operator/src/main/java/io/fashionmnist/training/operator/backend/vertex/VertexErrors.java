package io.fashionmnist.training.operator.backend.vertex;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what the service says of a failure. Pure. A trainer's own end is looked for first, since
 * its output may quote anything; then quotas, by their sentences; then what {@link Setup} knows;
 * last the code alone.
 */
public final class VertexErrors {
  private static final Pattern OUT_OF_MEMORY = insensitive("replica \\S+ ran out of memory");
  private static final Pattern REPLICA_EXIT = insensitive("replica \\S+ (was |has )?exited\\b");
  private static final Pattern EXIT_CODE = insensitive("non-zero (exit )?status (of )?(\\d{1,3})");
  private static final Pattern PREEMPTED =
      insensitive(
          "termination reason: ?preempt(ed|ion)\\b|\\breplica \\S+ (was |has been )?preempted\\b"
              + "|\\b(vms?|machines?|workers?|jobs?|instances?) (was |were |has been |have been )?"
              + "preempted\\b");
  private static final Pattern STOCKOUT =
      insensitive(
          "resources are insufficient|does not have enough resources available"
              + "|zone_resource_pool_exhausted|\\bstockout\\b");
  private static final Pattern RATE =
      insensitive(
          "quota exceeded for .*(per minute|per second|requests)|rate_limit_exceeded"
              + "|too many requests");
  private static final Pattern ALLOCATION = insensitive("quota exceeded for quota metric");
  private static final String RATE_REASON = "RATE_LIMIT_EXCEEDED";

  private final Setup setup = new Setup();

  /** What the failure means. */
  public VertexFailure classify(VertexSignal signal) {
    String line = OneLine.of(signal.message());
    return replica(line)
        .or(() -> quota(signal, line))
        .or(() -> setup.fault(signal, line))
        .orElseGet(() -> byCode(signal, line));
  }

  private static Optional<VertexFailure> replica(String line) {
    if (OUT_OF_MEMORY.matcher(line).find()) {
      return Optional.of(new VertexFailure.OutOfMemory(line));
    }
    Matcher exit = REPLICA_EXIT.matcher(line);
    boolean exited = exit.find();
    Matcher preempted = PREEMPTED.matcher(line);
    // The program's own words follow the service's, and may speak of preemption too.
    if (preempted.find()
        && (!exited || line.toLowerCase(Locale.ROOT).contains("termination reason: preempt"))) {
      return Optional.of(new VertexFailure.Preempted(line));
    }
    if (!exited) {
      return Optional.empty();
    }
    Matcher code = EXIT_CODE.matcher(line);
    return Optional.of(
        new VertexFailure.UserCode(
            code.find(exit.start())
                ? Optional.of(Integer.parseInt(code.group(3)))
                : Optional.empty(),
            line));
  }

  private static Optional<VertexFailure> quota(VertexSignal signal, String line) {
    if (signal.reason().filter(RATE_REASON::equals).isPresent() || RATE.matcher(line).find()) {
      return Optional.of(new VertexFailure.RateLimited(line));
    }
    var exhausted = QuotaMetrics.in(line);
    if (exhausted.isPresent()) {
      var found = exhausted.get();
      return Optional.of(
          found.limitZero()
              ? new VertexFailure.QuotaLimitZero(found.metrics(), line)
              : new VertexFailure.Quota(found.metrics(), line));
    }
    if (STOCKOUT.matcher(line).find()) {
      return Optional.of(new VertexFailure.Stockout(line));
    }
    // A name for people, from which no metric follows.
    return ALLOCATION.matcher(line).find()
        ? Optional.of(new VertexFailure.Quota(List.of(), line))
        : Optional.empty();
  }

  private static VertexFailure byCode(VertexSignal signal, String line) {
    boolean call = signal.source() == VertexSignal.Source.CALL;
    return switch (signal.code()) {
      case INTERNAL, UNAVAILABLE, ABORTED, DATA_LOSS -> new VertexFailure.ServiceFault(line);
      // Of a job they tell that someone ended it, or that its time was up.
      case DEADLINE_EXCEEDED, CANCELLED ->
          call ? new VertexFailure.ServiceFault(line) : new VertexFailure.Unknown(line);
      case OK,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          UNRECOGNIZED ->
          new VertexFailure.Unknown(line);
    };
  }

  private static Pattern insensitive(String pattern) {
    return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
  }
}
