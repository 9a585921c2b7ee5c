package io.fashionmnist.training.emulator.web;

/** Writes tables in HTML; all texts are escaped. */
final class HtmlTable {
  private final StringBuilder html;
  private boolean open;
  private String first = "";

  HtmlTable(String head) {
    this.html = new StringBuilder(head);
  }

  void begin(String title, String... columns) {
    close();
    html.append("<h2>").append(escape(title)).append("</h2><table><tr>");
    for (String column : columns) {
      html.append("<th>").append(escape(column)).append("</th>");
    }
    html.append("</tr>\n");
    open = true;
  }

  /** The first cell of the next row. */
  void link(String address, String text) {
    first = "<td><a href=\"" + escape(address) + "\">" + escape(text) + "</a></td>";
  }

  void row(String... cells) {
    html.append("<tr>").append(first);
    first = "";
    for (String cell : cells) {
      html.append("<td>").append(escape(cell)).append("</td>");
    }
    html.append("</tr>\n");
  }

  String end() {
    close();
    return html.append("</html>\n").toString();
  }

  private void close() {
    if (open) {
      html.append("</table>\n");
    }
    open = false;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
