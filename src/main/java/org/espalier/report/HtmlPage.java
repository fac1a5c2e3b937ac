package org.espalier.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;

/** A page of sections, tables and pictures, whole in one HTML document. */
final class HtmlPage {
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; color: #1f2624; background: #f4f5f3;
        margin: 0 }
      main { max-width: 1080px; margin: 0 auto; padding: 24px }
      h1 { font-size: 24px; margin: 8px 0 }
      h2 { font-size: 17px; margin: 28px 0 8px }
      section { background: #fff; border: 1px solid #e2e4e1; border-radius: 8px;
        padding: 4px 20px 20px; margin: 16px 0 }
      img { max-width: 100%; height: auto; display: block; margin: 12px 0 }
      table { border-collapse: collapse }
      th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid #e9ebe8;
        vertical-align: top }
      th { color: #5f6a66; font-weight: 500 }
      td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
      td.number, td:first-child { white-space: nowrap }
      .quiet { color: #5f6a66 }
      .gone td { color: #b8532a; text-decoration: line-through }
      h3 { font-size: 15px; margin: 20px 0 4px }
      section { overflow-x: auto }
      code { font-size: 13px; overflow-wrap: anywhere }
      pre { background: #f4f5f3; border-radius: 6px; padding: 12px; white-space: pre-wrap }
      """;

  private final StringBuilder html = new StringBuilder();

  /**
   * @param subtitle a quiet line below the title
   */
  HtmlPage(String title, String subtitle) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .append("<title>")
        .append(escape(title + " · Espalier"))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<main>\n<h1>")
        .append(escape(title))
        .append("</h1>\n<p class=\"quiet\">")
        .append(escape(subtitle))
        .append("</p>\n");
  }

  /** The finished document. */
  String text() {
    return html + "</main>\n</body>\n</html>\n";
  }

  void section(String title, Runnable content) {
    html.append("<section>\n<h2>").append(escape(title)).append("</h2>\n");
    content.run();
    html.append("</section>\n");
  }

  /** Markup that the caller has made safe. */
  HtmlPage append(String markup) {
    html.append(markup);
    return this;
  }

  /** A paragraph of words. */
  void paragraph(String words) {
    html.append("<p>").append(escape(words)).append("</p>\n");
  }

  /** A quiet line below a table. */
  void note(String words) {
    html.append("<p class=\"quiet\">").append(escape(words)).append("</p>\n");
  }

  /** A heading inside a section. */
  void heading(String words) {
    html.append("<h3>").append(escape(words)).append("</h3>\n");
  }

  /** Lines for a shell. */
  void code(List<String> lines) {
    html.append("<pre><code>").append(escape(String.join("\n", lines))).append("</code></pre>\n");
  }

  /** Rows of words. */
  void words(List<String> headings, List<List<String>> rows) {
    table(headings, rows, headings.size());
  }

  /** Two columns: what, and how much. */
  void pairs(List<List<String>> rows) {
    html.append("<table>\n");
    for (List<String> row : rows) {
      html.append("<tr><th>").append(escape(row.get(0))).append("</th>");
      cell(row.get(1), false);
      html.append("</tr>\n");
    }
    html.append("</table>\n");
  }

  /** Rows of words, then figures. */
  void table(List<String> headings, List<List<String>> rows) {
    table(headings, rows, 1);
  }

  private void table(List<String> headings, List<List<String>> rows, int words) {
    html.append("<table>\n<tr>");
    for (int i = 0; i < headings.size(); i++) {
      html.append(i < words ? "<th>" : "<th class=\"number\">")
          .append(escape(headings.get(i)))
          .append("</th>");
    }
    html.append("</tr>\n");
    for (List<String> row : rows) {
      html.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        cell(row.get(i), i >= words);
      }
      html.append("</tr>\n");
    }
    html.append("</table>\n");
  }

  /** One cell of a row that the caller opens and closes. */
  void cell(String words, boolean number) {
    html.append(number ? "<td class=\"number\">" : "<td>").append(escape(words)).append("</td>");
  }

  /** A figure inside the page. */
  void picture(Figure figure) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      FigureWriter.write(figure, FigureFormat.PNG, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    html.append("<img width=\"")
        .append(figure.width())
        .append("\" height=\"")
        .append(figure.height())
        .append("\" alt=\"")
        .append(escape(figure.title()))
        .append("\" src=\"data:image/png;base64,")
        .append(Base64.getEncoder().encodeToString(bytes.toByteArray()))
        .append("\"/>\n");
  }

  /** Makes words safe between tags and in quoted attributes. */
  static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
