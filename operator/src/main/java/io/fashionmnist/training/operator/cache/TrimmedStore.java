package io.fashionmnist.training.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A store of objects without what nobody here looks at; by far the most is managed fields. */
public class TrimmedStore<T extends HasMetadata> implements ItemStore<T> {
  /**
   * How many objects are listed at a time: what is left out of them takes memory until they are
   * here, and after a broken watch all are listed again.
   */
  public static final long PAGE = 500;

  private final Map<String, T> items = new ConcurrentHashMap<>();
  private final UnaryOperator<T> trim;

  /**
   * @param trim leaves out more than the managed fields; it may change what it gets
   */
  public TrimmedStore(UnaryOperator<T> trim) {
    this.trim = trim;
  }

  @Override
  public String getKey(T item) {
    return Cache.metaNamespaceKeyFunc(item);
  }

  @Override
  public T put(String key, T item) {
    item.getMetadata().setManagedFields(null);
    return items.put(key, trim.apply(item));
  }

  @Override
  public T remove(String key) {
    return items.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return items.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return items.values().stream();
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public T get(String key) {
    return items.get(key);
  }

  @Override
  public boolean isFullState() {
    return false;
  }
}
