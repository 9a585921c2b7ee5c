package io.fashionmnist.training.emulator.service;

import com.google.cloud.aiplatform.v1.DeleteOperationMetadata;
import com.google.cloud.aiplatform.v1.GenericOperationMetadata;
import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.fault.Call;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.job.Location;
import io.fashionmnist.training.emulator.job.Projects;
import io.fashionmnist.training.emulator.job.Times;
import io.fashionmnist.training.emulator.resource.ResourceName;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** How calls about named resources are answered: the work gets the canonical name. */
public final class ResourceCalls {
  private final CallDesk desk;
  private final OperationLog operations;
  private final Projects projects;
  private final InstantSource clock;
  private final Runnable changed;

  /**
   * @param changed called after each change, before the client hears of it
   */
  public ResourceCalls(
      CallDesk desk,
      OperationLog operations,
      Projects projects,
      InstantSource clock,
      Runnable changed) {
    this.desk = desk;
    this.operations = operations;
    this.projects = projects;
    this.clock = clock;
    this.changed = changed;
  }

  Projects projects() {
    return projects;
  }

  /** Answers a call that changes nothing. */
  <T> void read(
      String method, Supplier<ResourceName> name, StreamObserver<T> out, Function<String, T> work) {
    Requests.parse(
        out,
        name,
        parsed ->
            desk.answer(
                call(method, parsed.location()), out, _ -> work.apply(parsed.canonical(projects))));
  }

  /** Answers a call that changes something. */
  <T> void write(
      String method, Supplier<ResourceName> name, StreamObserver<T> out, Function<String, T> work) {
    read(method, name, out, known -> kept(work.apply(known)));
  }

  /** Answers a call about a location that changes nothing; the work gets the location's name. */
  <T> void readAt(String method, String parent, StreamObserver<T> out, Function<String, T> work) {
    Requests.parse(
        out,
        () -> Location.parse(parent),
        location ->
            desk.answer(
                call(method, location),
                out,
                _ -> work.apply(ResourceName.canonical(location, projects))));
  }

  /** Answers a call about a location that changes something. */
  <T> void writeAt(String method, String parent, StreamObserver<T> out, Function<String, T> work) {
    readAt(method, parent, out, known -> kept(work.apply(known)));
  }

  /** Answers a call that deletes something, with an operation that is done. */
  void delete(
      String method,
      Supplier<ResourceName> name,
      StreamObserver<Operation> out,
      Consumer<String> work) {
    write(
        method,
        name,
        out,
        known -> {
          work.accept(known);
          return done(
              known,
              DeleteOperationMetadata.newBuilder().setGenericMetadata(now()).build(),
              Empty.getDefaultInstance());
        });
  }

  /** Answers a call about a location that starts an operation, to which faults may happen. */
  void start(
      String method,
      String parent,
      StreamObserver<Operation> out,
      BiFunction<String, List<Fault>, Operation> work) {
    Requests.parse(
        out,
        () -> Location.parse(parent),
        location ->
            desk.answer(
                call(method, location),
                out,
                faults -> kept(work.apply(ResourceName.canonical(location, projects), faults))));
  }

  /** An operation that is done. */
  Operation done(String resource, Message metadata, Message result) {
    return done(resource, metadata, result, Duration.ZERO);
  }

  /** An operation that is done after a while. */
  Operation done(String resource, Message metadata, Message result, Duration after) {
    return operations.start(
        location(resource),
        Operation.newBuilder()
            .setMetadata(Any.pack(metadata))
            .setDone(true)
            .setResponse(Any.pack(result))
            .build(),
        later(after));
  }

  /** An operation that fails after a while. */
  Operation failing(String resource, Message metadata, Status error, Duration after) {
    return operations.start(
        location(resource),
        Operation.newBuilder()
            .setMetadata(Any.pack(metadata))
            .setDone(true)
            .setError(error)
            .build(),
        later(after));
  }

  /** The time after a while. */
  Instant later(Duration after) {
    return clock.instant().plus(after);
  }

  private static String location(String resource) {
    String[] parts = resource.split("/");
    return String.join("/", parts[0], parts[1], parts[2], parts[3]);
  }

  /** The metadata of an operation that begins and ends now. */
  GenericOperationMetadata now() {
    var now = Times.timestamp(clock.instant());
    return GenericOperationMetadata.newBuilder().setCreateTime(now).setUpdateTime(now).build();
  }

  /**
   * The id that a client chose.
   *
   * @throws ApiException INVALID_ARGUMENT for one that is too short, too long, or has characters
   *     other than small letters, digits and hyphens
   */
  static String id(String field, String id, int shortest) {
    if (!id.matches("[a-z0-9-]{" + shortest + ",128}")) {
      throw ApiException.invalidArgument(
          "Invalid value for field \"%s\": \"%s\". Must be %d-128 characters in length. Valid characters are /[a-z][0-9]-/."
              .formatted(field, id, shortest));
    }
    return id;
  }

  private <T> T kept(T result) {
    changed.run();
    return result;
  }

  private static Call call(String method, Location location) {
    return new Call(method, location.project(), location.region());
  }
}
