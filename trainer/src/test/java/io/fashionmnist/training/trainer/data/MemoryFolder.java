package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.storage.Folder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Files in memory; may be told to refuse listing, as web servers do, or reading. */
final class MemoryFolder implements Folder {
  private final Map<String, byte[]> files = new TreeMap<>();
  final List<String> opened = Collections.synchronizedList(new ArrayList<>());
  final Set<String> denied = new HashSet<>();
  boolean listable = true;

  MemoryFolder put(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  MemoryFolder remove(String name) {
    files.remove(name);
    return this;
  }

  @Override
  public String uri() {
    return "mem://data";
  }

  @Override
  public Folder folder(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> list() {
    if (!listable) {
      throw new UnsupportedOperationException();
    }
    return List.copyOf(files.keySet());
  }

  @Override
  public InputStream open(String name) throws NoSuchFileException, AccessDeniedException {
    opened.add(name);
    if (denied.contains(name)) {
      throw new AccessDeniedException(name);
    }
    if (!files.containsKey(name)) {
      throw new NoSuchFileException(name);
    }
    return new ByteArrayInputStream(files.get(name));
  }

  @Override
  public void write(String name, byte[] content) {
    put(name, content);
  }

  @Override
  public void upload(Path source, String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String name) {
    remove(name);
  }
}
