package io.fashionmnist.training.emulator.resource;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.rpc.Code;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.filter.Fields;
import io.fashionmnist.training.emulator.job.Times;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * All resources of one kind, by name, with the times and the etag that the service gives them. An
 * etag is a number that grows with each change. Safe for threads.
 *
 * @param <T> a message with a {@code name}, and a {@code create_time}, {@code update_time} and
 *     {@code etag} where its definition has them
 */
public final class Resources<T extends Message> {
  private static final Set<String> OUTPUT_ONLY =
      Set.of("name", "create_time", "update_time", "etag", "parent_contexts");

  private final Class<T> type;
  private final Descriptor descriptor;
  private final InstantSource clock;
  private final LinkedHashMap<String, T> byName = new LinkedHashMap<>();
  private long newestEtag;

  /**
   * None yet.
   *
   * @param kind an empty one of them
   */
  @SuppressWarnings("unchecked")
  public Resources(T kind, InstantSource clock) {
    this.type = (Class<T>) kind.getClass();
    this.descriptor = kind.getDescriptorForType();
    this.clock = clock;
  }

  /**
   * Takes a new one in.
   *
   * @throws ApiException ALREADY_EXISTS if there is one of that name
   */
  public synchronized T create(String name, T resource) {
    if (byName.containsKey(name)) {
      throw new ApiException(
          Code.ALREADY_EXISTS, ServiceTexts.alreadyExists(type.getSimpleName(), name));
    }
    Message.Builder made = resource.toBuilder();
    field("name").ifPresent(known -> made.setField(known, name));
    field("create_time").ifPresent(known -> made.setField(known, now()));
    return keep(name, made);
  }

  /**
   * One of them.
   *
   * @throws ApiException NOT_FOUND if there is none of that name
   */
  public synchronized T get(String name) {
    T found = byName.get(name);
    if (found == null) {
      throw ApiException.notFound(ServiceTexts.doesNotExist(type.getSimpleName(), name));
    }
    return found;
  }

  /** Whether there is one of that name. */
  public synchronized boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * Overwrites the fields that the mask names, or without a mask all that the update has.
   *
   * @throws ApiException NOT_FOUND; ABORTED if the update has another etag than the resource
   */
  public synchronized T update(String name, T update, FieldMask mask) {
    T old = get(name);
    checkEtag(old, update);
    if (!FieldMaskUtil.isValid(type, mask)) {
      throw ApiException.invalidArgument("Invalid update_mask: " + FieldMaskUtil.toString(mask));
    }
    Message.Builder changed = old.toBuilder();
    for (FieldDescriptor known : old.getDescriptorForType().getFields()) {
      boolean named =
          mask.getPathsCount() == 0
              ? known.isRepeated()
                  ? update.getRepeatedFieldCount(known) > 0
                  : update.getAllFields().containsKey(known)
              : mask.getPathsList().contains(known.getName());
      if (named && !OUTPUT_ONLY.contains(known.getName())) {
        changed.setField(known, update.getField(known));
      }
    }
    return keep(name, changed);
  }

  /** Changes what only the service itself writes, which leaves the etag as it is. */
  public synchronized void change(String name, UnaryOperator<T> work) {
    byName.put(name, work.apply(get(name)));
  }

  /** Forgets one, if there is one of that name, and those below it. */
  public synchronized void forget(String name) {
    byName.keySet().removeIf(each -> each.equals(name) || each.startsWith(name + "/"));
  }

  /** Those directly below a parent, such as {@code .../metadataStores/default/contexts}. */
  public synchronized List<T> below(String collection) {
    int depth = collection.length() + 1;
    return byName.entrySet().stream()
        .filter(each -> each.getKey().startsWith(collection + "/"))
        .filter(each -> each.getKey().indexOf('/', depth) < 0)
        .map(Map.Entry::getValue)
        .toList();
  }

  /** A page of those directly below a parent. */
  public Page<T> list(
      String collection, Page.Request request, Page.Sizes sizes, Function<T, Fields> fields) {
    return Page.of(
        below(collection),
        request,
        sizes,
        fields,
        field -> (one, other) -> MessageFields.order(field).compare(one, other));
  }

  /** All of them, in the order of their creation. */
  public synchronized List<T> all() {
    return List.copyOf(byName.values());
  }

  /** Takes up those of an earlier life. */
  public synchronized void restore(List<T> earlier) {
    for (T each : earlier) {
      field("name").ifPresent(known -> byName.put(each.getField(known).toString(), each));
      etag(each).ifPresent(etag -> newestEtag = Math.max(newestEtag, Long.parseLong(etag)));
    }
  }

  private T keep(String name, Message.Builder made) {
    field("update_time").ifPresent(known -> made.setField(known, now()));
    newestEtag = Math.max(newestEtag + 1, clock.millis());
    field("etag").ifPresent(known -> made.setField(known, Long.toString(newestEtag)));
    T kept = type.cast(made.build());
    byName.put(name, kept);
    return kept;
  }

  private void checkEtag(T old, T update) {
    Optional<String> given = etag(update);
    Optional<String> own = etag(old);
    if (given.isPresent() && !given.equals(own)) {
      throw new ApiException(
          Code.ABORTED,
          ServiceTexts.etagMismatch(type.getSimpleName(), given.get(), own.orElse("")));
    }
  }

  private Optional<String> etag(T resource) {
    return field("etag")
        .map(known -> resource.getField(known).toString())
        .filter(etag -> !etag.isEmpty());
  }

  private Optional<FieldDescriptor> field(String name) {
    return Optional.ofNullable(descriptor.findFieldByName(name));
  }

  private Timestamp now() {
    return Times.timestamp(clock.instant());
  }
}
