package io.fashionmnist.training.trainer.storage;

import java.nio.file.AccessDeniedException;

/**
 * Access is denied because nobody asks for it: there are no credentials, or none that are valid.
 * What to do is part of the reason.
 */
public final class MissingCredentialsException extends AccessDeniedException {
  private static final long serialVersionUID = 1L;

  MissingCredentialsException(String uri, String reason) {
    super(uri, null, reason);
  }
}
