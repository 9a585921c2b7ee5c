package io.fashionmnist.training.operator.https;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller proves itself with.
 *
 * @param text the secret; never logged, never kept
 */
public record BearerToken(String text) {
  private static final Pattern HEADER = Pattern.compile("Bearer ([\\x21-\\x7e]{1,8192})");

  /** The token of an Authorization header, which may be empty. */
  public static Optional<BearerToken> of(String authorization) {
    Matcher header = HEADER.matcher(authorization);
    return header.matches() ? Optional.of(new BearerToken(header.group(1))) : Optional.empty();
  }

  /** A name for the token that does not give it away. */
  public String digest() {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "a token";
  }
}
