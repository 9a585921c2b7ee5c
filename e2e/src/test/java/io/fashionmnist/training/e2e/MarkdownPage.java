package io.fashionmnist.training.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * A page of the documentation: what it links to or shows, what can be linked in it, what it tells
 * to type, and its Mermaid diagrams.
 */
record MarkdownPage(
    Path file,
    List<String> links,
    Set<String> anchors,
    List<Commands> commands,
    List<String> diagrams) {
  private static final String NOT_RUN = "<!-- not run:";
  private static final String DRY_RUN = "<!-- dry run:";
  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  /** A block of shell commands, one or more lines. */
  record Commands(String text, Run run) {}

  /** How a test runs commands. */
  enum Run {
    /** As they stand, as a reader does. */
    AS_THEY_STAND,
    /**
     * Against the API server, which changes nothing: what needs a registry of the reader's. The
     * block is preceded by {@code <!-- dry run: needs a registry of yours -->}.
     */
    DRY,
    /** Not at all, and a comment says why: {@code <!-- not run: the cluster is needed -->}. */
    NOT
  }

  /** Every page below a folder, but for what is made there. */
  static List<Path> below(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !root.relativize(file).toString().matches("(.*/)?(target|\\.git)/.*"))
          .sorted()
          .toList();
    }
  }

  static MarkdownPage read(Path file) {
    try {
      Node document = PARSER.parse(Files.readString(file));
      List<String> links = new ArrayList<>();
      Set<String> anchors = new TreeSet<>();
      List<Commands> commands = new ArrayList<>();
      List<String> diagrams = new ArrayList<>();
      IdGenerator ids = IdGenerator.builder().build();
      document.accept(
          new AbstractVisitor() {
            @Override
            public void visit(Link link) {
              links.add(link.getDestination());
              visitChildren(link);
            }

            @Override
            public void visit(Image image) {
              links.add(image.getDestination());
              visitChildren(image);
            }

            @Override
            public void visit(Heading heading) {
              anchors.add(ids.generateId(text(heading)));
              visitChildren(heading);
            }

            @Override
            public void visit(FencedCodeBlock block) {
              if ("sh".equals(block.getInfo())) {
                commands.add(new Commands(block.getLiteral(), run(block)));
              }
              if ("mermaid".equals(block.getInfo())) {
                diagrams.add(block.getLiteral());
              }
            }
          });
      return new MarkdownPage(file, links, anchors, commands, diagrams);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Run run(FencedCodeBlock block) {
    String comment =
        block.getPrevious() instanceof HtmlBlock before ? before.getLiteral().strip() : "";
    return comment.startsWith(NOT_RUN)
        ? Run.NOT
        : comment.startsWith(DRY_RUN) ? Run.DRY : Run.AS_THEY_STAND;
  }

  private static String text(Node node) {
    StringBuilder text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text each) {
            text.append(each.getLiteral());
          }

          @Override
          public void visit(Code code) {
            text.append(code.getLiteral());
          }
        });
    return text.toString();
  }
}
