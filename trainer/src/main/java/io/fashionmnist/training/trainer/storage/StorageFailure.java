package io.fashionmnist.training.trainer.storage;

import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns the errors of Google's client into those that {@link Folder} promises. */
final class StorageFailure {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private StorageFailure() {}

  /** A call to the bucket. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /**
   * Makes a call.
   *
   * @param permission what the call needs, as IAM names it
   * @param uri the object that the call is about
   */
  static <T> T translate(String permission, String uri, Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (StorageException e) {
      throw of(e, permission, uri);
    } catch (IOException e) {
      if (e.getCause() instanceof StorageException cause) {
        throw of(cause, permission, uri);
      }
      throw e;
    }
  }

  private static IOException of(StorageException e, String permission, String uri) {
    String said = firstLine(e.getMessage());
    FileSystemException known =
        switch (e.getCode()) {
          case NOT_FOUND -> new NoSuchFileException(uri, null, said);
          case FORBIDDEN ->
              new AccessDeniedException(uri, null, "needs %s (%s)".formatted(permission, said));
          case UNAUTHORIZED ->
              new MissingCredentialsException(
                  uri,
                  "needs credentials with %s (%s); run `gcloud auth application-default login` or set GOOGLE_APPLICATION_CREDENTIALS"
                      .formatted(permission, said));
          default -> null;
        };
    if (known == null) {
      return new IOException("%s: %s".formatted(uri, said), e);
    }
    known.initCause(e);
    return known;
  }

  private static String firstLine(String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("").strip();
  }
}
