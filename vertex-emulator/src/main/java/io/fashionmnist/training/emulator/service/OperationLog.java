package io.fashionmnist.training.emulator.service;

import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Long-running operations. All that this service starts is done when it is answered. */
public final class OperationLog {
  private static final int KEPT = 1000;

  private final RandomGenerator random;
  private final LinkedHashMap<String, Operation> operations = new LinkedHashMap<>();

  /** With the source of ids. */
  public OperationLog(RandomGenerator random) {
    this.random = random;
  }

  /** Files an operation that is done. */
  synchronized Operation done(String parent, Any metadata, Any response) {
    Operation operation =
        Operation.newBuilder()
            .setName(parent + "/operations/" + random.nextLong(1L << 60, Long.MAX_VALUE))
            .setMetadata(metadata)
            .setDone(true)
            .setResponse(response)
            .build();
    operations.put(operation.getName(), operation);
    if (operations.size() > KEPT) {
      operations.pollFirstEntry();
    }
    return operation;
  }

  synchronized Optional<Operation> get(String name) {
    return Optional.ofNullable(operations.get(name));
  }

  synchronized List<Operation> list(String parent) {
    return operations.values().stream()
        .filter(operation -> operation.getName().startsWith(parent + "/operations/"))
        .toList();
  }

  synchronized boolean remove(String name) {
    return operations.remove(name) != null;
  }
}
