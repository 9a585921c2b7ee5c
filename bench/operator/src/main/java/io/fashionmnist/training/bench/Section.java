package io.fashionmnist.training.bench;

/** A section of a Markdown file, between marks of its name. */
record Section(String name) {
  /** Puts a text between the marks and leaves the rest as it is. */
  String replace(String markdown, String text) {
    String from = "<!-- %s: begin -->".formatted(name);
    String to = "<!-- %s: end -->".formatted(name);
    int begin = markdown.indexOf(from);
    int end = markdown.indexOf(to);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("there are no lines %s and %s".formatted(from, to));
    }
    return markdown.substring(0, begin + from.length()) + "\n" + text + markdown.substring(end);
  }
}
