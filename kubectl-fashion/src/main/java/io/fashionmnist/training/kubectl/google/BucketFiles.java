package io.fashionmnist.training.kubectl.google;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.storage.Storage;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/** Files below a {@code gs://} folder. */
public final class BucketFiles {
  private static final int NOT_FOUND = 404;

  private final Storage storage;
  private final String uri;
  private final String bucket;
  private final String prefix;

  private BucketFiles(Storage storage, String uri) {
    this.storage = storage;
    this.uri = uri.replaceAll("/+$", "");
    String[] parts = this.uri.substring("gs://".length()).split("/", 2);
    bucket = parts[0];
    prefix = parts.length == 2 ? parts[1] + "/" : "";
  }

  /**
   * Those of a folder.
   *
   * @param environment may name an emulator
   */
  public static BucketFiles of(String uri, Map<String, String> environment) {
    try {
      GoogleConnection connection =
          GoogleConnection.of(
              Optional.ofNullable(environment.get("STORAGE_EMULATOR_HOST")),
              "https://www.googleapis.com/auth/devstorage.read_only");
      Storage.Builder builder =
          new Storage.Builder(
                  connection.transport(), GsonFactory.getDefaultInstance(), connection.requests())
              .setApplicationName("kubectl-fashion");
      connection.endpoint().ifPresent(builder::setRootUrl);
      return new BucketFiles(builder.build(), uri);
    } catch (IOException e) {
      throw unreadable(uri, e.getMessage());
    }
  }

  /**
   * Copies a file here; a file that was there before is replaced once all of it has come.
   *
   * @return false when there is no such file
   */
  public boolean copy(String name, Path target) {
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      Path part = target.resolveSibling(target.getFileName() + ".part");
      try {
        try (OutputStream out = Files.newOutputStream(part)) {
          storage.objects().get(bucket, prefix + name).executeMediaAndDownloadTo(out);
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        return true;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (HttpResponseException e) {
      if (e.getStatusCode() == NOT_FOUND) {
        return false;
      }
      throw unreadable(uri + "/" + name, told(e));
    } catch (IOException e) {
      throw unreadable(uri + "/" + name, e.getMessage());
    }
  }

  private static String told(HttpResponseException e) {
    return e instanceof GoogleJsonResponseException json && json.getDetails() != null
        ? json.getDetails().getMessage()
        : "HTTP " + e.getStatusCode();
  }

  private static Failure unreadable(String uri, String why) {
    return Failure.unavailable(
        "%s can't be read: %s; with gcloud: gcloud storage cp '%s*' .",
        uri,
        String.valueOf(why).lines().findFirst().orElse(""),
        uri.replaceFirst("/report\\.[a-z]+$", "/report."));
  }
}
