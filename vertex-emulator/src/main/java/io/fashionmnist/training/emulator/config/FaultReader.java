package io.fashionmnist.training.emulator.config;

import com.google.rpc.Code;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.fault.FaultRule;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a rule of faults: in the settings' file, from a flag, or from the administration. */
final class FaultReader {
  private FaultReader() {}

  static Optional<FaultRule> read(Section section) {
    if (!section.has("fault")) {
      section.problem("fault", "is missing");
    }
    Optional<FaultKind> kind = section.oneOf("fault", FaultKind.class);
    Optional<String> name = section.text("name");
    Duration delay = section.duration("delay").orElse(Duration.ZERO);
    Optional<Code> code = section.oneOf("code", Code.class);
    Optional<String> message = section.text("message");
    Optional<String> call = section.text("call");
    Optional<String> region = section.text("region");
    Optional<String> project = section.text("project");
    Optional<String> metric = section.text("metric");
    double probability = section.probability("probability").orElse(1.0);
    OptionalInt count =
        section
            .whole("count", 1, Integer.MAX_VALUE)
            .map(Long::intValue)
            .map(OptionalInt::of)
            .orElseGet(OptionalInt::empty);
    return kind.map(
        known ->
            new FaultRule(
                // One rule of a kind and region at a time, unless they are named.
                name.orElse(known.text() + region.map(r -> "-" + r).orElse("")),
                new Fault(known, delay, code, message),
                call.orElse(known.usualCall()),
                region,
                project,
                metric,
                probability,
                count));
  }
}
