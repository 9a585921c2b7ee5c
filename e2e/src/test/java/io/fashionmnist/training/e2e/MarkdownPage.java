package io.fashionmnist.training.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * A page of the documentation: what it links to, what can be linked in it, what it tells to type.
 */
record MarkdownPage(Path file, List<String> links, Set<String> anchors, List<Commands> commands) {
  private static final String NOT_RUN = "<!-- not run:";
  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  /**
   * A block of shell commands.
   *
   * @param text the commands, one or more lines
   * @param runs whether a reader, and so a test, can run them as they stand; what can't be run is
   *     preceded by a comment that says why: {@code <!-- not run: needs a registry of yours -->}
   */
  record Commands(String text, boolean runs) {}

  static MarkdownPage read(Path file) {
    try {
      Node document = PARSER.parse(Files.readString(file));
      List<String> links = new ArrayList<>();
      Set<String> anchors = new TreeSet<>();
      List<Commands> commands = new ArrayList<>();
      IdGenerator ids = IdGenerator.builder().build();
      document.accept(
          new AbstractVisitor() {
            @Override
            public void visit(Link link) {
              links.add(link.getDestination());
              visitChildren(link);
            }

            @Override
            public void visit(Heading heading) {
              anchors.add(ids.generateId(text(heading)));
              visitChildren(heading);
            }

            @Override
            public void visit(FencedCodeBlock block) {
              if ("sh".equals(block.getInfo())) {
                commands.add(new Commands(block.getLiteral(), !excused(block)));
              }
            }
          });
      return new MarkdownPage(file, links, anchors, commands);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean excused(FencedCodeBlock block) {
    return block.getPrevious() instanceof HtmlBlock comment
        && comment.getLiteral().strip().startsWith(NOT_RUN);
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
