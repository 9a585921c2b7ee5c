package io.fashionmnist.training.operator.backend.vertex;

/** A message as a person would read it: on one line, single spaces, nothing escaped. */
final class OneLine {
  private OneLine() {}

  static String of(String message) {
    return message
        // A REST error's body may be quoted in another one.
        .replace("\\n", " ")
        .replace("\\r", " ")
        .replace("\\t", " ")
        .replace("\\u00a0", " ")
        .replace("\\/", "/")
        .replace("\\\"", "\"")
        .replaceAll("[\\u200b\\u200c\\u200d\\u2060\\ufeff\\u00ad]", "")
        .replaceAll("[\\s\\p{Z}]+", " ")
        .strip();
  }
}
