package io.fashionmnist.training.trainer.storage;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A prefix in a Google Cloud Storage bucket. Objects there are replaced whole by nature. */
final class BucketFolder implements Folder {
  private final BucketConnection connection;
  private final String bucket;
  private final String prefix;

  /**
   * @param prefix empty, or ends with a slash
   */
  BucketFolder(BucketConnection connection, String bucket, String prefix) {
    this.connection = connection;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  @Override
  public String uri() {
    String uri = "gs://" + bucket + "/" + prefix;
    return uri.substring(0, uri.length() - 1);
  }

  @Override
  public BucketFolder folder(String name) {
    return new BucketFolder(connection, bucket, prefix + name + "/");
  }

  @Override
  public List<String> list() throws IOException {
    return objects();
  }

  @Override
  public List<String> names() throws IOException {
    return objects(BlobListOption.currentDirectory());
  }

  private List<String> objects(BlobListOption... more) throws IOException {
    List<BlobListOption> options = new ArrayList<>(List.of(more));
    options.add(BlobListOption.prefix(prefix));
    options.add(BlobListOption.fields(Storage.BlobField.NAME));
    return StorageFailure.translate(
        "storage.objects.list",
        uri(),
        () -> {
          List<String> names = new ArrayList<>();
          for (Blob blob :
              storage().list(bucket, options.toArray(BlobListOption[]::new)).iterateAll()) {
            // So end the folders below, and the objects by which consoles mark an empty folder.
            if (!blob.getName().endsWith("/")) {
              names.add(blob.getName().substring(prefix.length()));
            }
          }
          Collections.sort(names);
          return List.copyOf(names);
        });
  }

  @Override
  public InputStream open(String name) throws IOException {
    // As stored: the client would otherwise unpack what was uploaded with a gzip encoding.
    InputStream object =
        StorageFailure.translate(
            "storage.objects.get",
            uriOf(name),
            () ->
                Channels.newInputStream(
                    storage().reader(id(name), BlobSourceOption.shouldReturnRawInputStream(true))));
    InputStream in =
        new BufferedInputStream(new ObjectStream(object, "storage.objects.get", uriOf(name)));
    try {
      // The client asks for the object at the first read: a missing one has to show here.
      in.mark(1);
      in.read();
      in.reset();
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    StorageFailure.translate(
        "storage.objects.create", uriOf(name), () -> storage().create(info(name), content));
  }

  @Override
  public void upload(Path source, String name) throws IOException {
    StorageFailure.translate(
        "storage.objects.create", uriOf(name), () -> storage().createFrom(info(name), source));
  }

  @Override
  public void delete(String name) throws IOException {
    StorageFailure.translate(
        "storage.objects.delete", uriOf(name), () -> storage().delete(id(name)));
  }

  private Storage storage() {
    return connection.storage();
  }

  private BlobId id(String name) {
    return BlobId.of(bucket, prefix + name);
  }

  private BlobInfo info(String name) {
    BlobInfo.Builder info = BlobInfo.newBuilder(id(name));
    if (name.endsWith(".json")) {
      // Progress is read while it is rewritten: no cache may hold it back.
      info.setContentType("application/json").setCacheControl("no-store");
    } else if (name.endsWith(".html")) {
      info.setContentType("text/html; charset=utf-8").setCacheControl("no-store");
    } else {
      info.setContentType("application/octet-stream");
    }
    return info.build();
  }

  private String uriOf(String name) {
    return "gs://" + bucket + "/" + prefix + name;
  }

  /** Translates what goes wrong while an object is read. */
  private static final class ObjectStream extends InputStream {
    private final InputStream in;
    private final String permission;
    private final String uri;

    ObjectStream(InputStream in, String permission, String uri) {
      this.in = in;
      this.permission = permission;
      this.uri = uri;
    }

    @Override
    public int read() throws IOException {
      return StorageFailure.translate(permission, uri, () -> in.read());
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return StorageFailure.translate(permission, uri, () -> in.read(target, offset, length));
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
