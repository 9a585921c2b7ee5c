package io.fashionmnist.training.emulator.service;

import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Long-running operations. All that this service starts is done when it is answered, unless a fault
 * lets it take longer.
 */
public final class OperationLog {
  private static final int KEPT = 1000;

  private record Filed(Operation end, Instant endsAt) {
    Operation at(Instant now) {
      return now.isBefore(endsAt)
          ? end.toBuilder().clearDone().clearResponse().clearError().build()
          : end;
    }
  }

  private final RandomGenerator random;
  private final InstantSource clock;
  private final LinkedHashMap<String, Filed> operations = new LinkedHashMap<>();

  /** With the source of ids, and the time. */
  public OperationLog(RandomGenerator random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /** Files an operation that is done. */
  synchronized Operation done(String parent, Any metadata, Any response) {
    return start(
        parent,
        Operation.newBuilder().setMetadata(metadata).setDone(true).setResponse(response).build(),
        clock.instant());
  }

  /**
   * Files an operation.
   *
   * @param end what it is when it is done
   * @param endsAt when that is
   * @return what it is now
   */
  synchronized Operation start(String parent, Operation end, Instant endsAt) {
    Filed filed =
        new Filed(
            end.toBuilder()
                .setName(parent + "/operations/" + random.nextLong(1L << 60, Long.MAX_VALUE))
                .build(),
            endsAt);
    operations.put(filed.end().getName(), filed);
    if (operations.size() > KEPT) {
      operations.pollFirstEntry();
    }
    return filed.at(clock.instant());
  }

  synchronized Optional<Operation> get(String name) {
    return Optional.ofNullable(operations.get(name)).map(filed -> filed.at(clock.instant()));
  }

  synchronized List<Operation> list(String parent) {
    return operations.values().stream()
        .map(filed -> filed.at(clock.instant()))
        .filter(operation -> operation.getName().startsWith(parent + "/operations/"))
        .toList();
  }

  synchronized boolean remove(String name) {
    return operations.remove(name) != null;
  }
}
