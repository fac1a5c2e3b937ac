package org.espalier.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Numbers and words in rows.
 *
 * @param columns headings
 * @param rows each as long as the headings
 */
public record Table(List<String> columns, List<List<String>> rows) {
  public Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row of " + row.size() + " values under " + columns.size() + " headings");
      }
    }
  }

  /** As comma-separated values (RFC 4180). */
  public String toCsv() {
    StringBuilder text = new StringBuilder(line(columns));
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  /** In aligned columns for a terminal; columns of figures are aligned to the right. */
  public String toText() {
    int[] widths = new int[columns.size()];
    boolean[] figures = new boolean[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      int column = c;
      widths[c] =
          Stream.concat(Stream.of(columns), rows.stream())
              .mapToInt(row -> row.get(column).length())
              .max()
              .orElse(0);
      figures[c] = rows.stream().allMatch(row -> row.get(column).matches("(|[×−\\d].*|–)"));
    }
    StringBuilder text = new StringBuilder();
    Stream.concat(Stream.of(columns), rows.stream())
        .map(row -> aligned(row, widths, figures))
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static String aligned(List<String> row, int[] widths, boolean[] figures) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String space = " ".repeat(widths[c] - row.get(c).length());
      line.append(figures[c] ? space + row.get(c) : row.get(c) + space).append("  ");
    }
    return line.toString().stripTrailing();
  }

  private static String line(List<String> values) {
    return values.stream().map(Table::quoted).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String quoted(String value) {
    return value.matches("(?s).*[\",\r\n].*") ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }
}
