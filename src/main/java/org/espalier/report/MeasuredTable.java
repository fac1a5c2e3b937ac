package org.espalier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measured values in rows, each with its unit and, where it has one, its standard error.
 *
 * @param caption what all values of the table have in common, in words
 * @param columns headings
 * @param rows each as long as the headings
 * @param notes what single columns depend on, a sentence each
 */
public record MeasuredTable(
    String caption, List<Column> columns, List<List<Cell>> rows, List<String> notes) {
  private static final String NOTHING = "–";

  /**
   * A heading.
   *
   * @param unit of its values; empty for words and bare numbers
   */
  public record Column(String title, String unit) {
    /** "size (MiB)". */
    public String heading() {
      return unit.isEmpty() ? title : title + " (" + unit + ")";
    }
  }

  /**
   * Words, or a value.
   *
   * @param text for people, without unit and error
   * @param value NaN for words, and where nothing was measured
   * @param errorText for people; empty without an error
   * @param error standard error; NaN without one
   */
  public record Cell(String text, double value, String errorText, double error) {
    /** Nothing was measured. */
    public static final Cell NONE = words("");

    public static Cell words(String text) {
      return new Cell(text, Double.NaN, "", Double.NaN);
    }

    /** A value with so many decimals. */
    public static Cell of(double value, int decimals) {
      return new Cell(formatted(value, decimals), value, "", Double.NaN);
    }

    /** A value with its standard error, both with so many decimals. */
    public static Cell of(double value, double error, int decimals) {
      return new Cell(formatted(value, decimals), value, formatted(error, decimals), error);
    }

    private static String formatted(double value, int decimals) {
      return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    boolean isNumber() {
      return !Double.isNaN(value);
    }

    boolean hasError() {
      return !errorText.isEmpty();
    }

    /** "2.25 ± 0.01". */
    public String words() {
      return hasError() ? text + " ± " + errorText : text;
    }
  }

  public MeasuredTable {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    notes = List.copyOf(notes);
    for (List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row of " + row.size() + " values under " + columns.size() + " headings");
      }
    }
  }

  /** As words, for pages and terminals. */
  public Table toTable() {
    return new Table(
        columns.stream().map(Column::heading).toList(),
        rows.stream()
            .map(row -> row.stream().map(cell -> orNothing(cell.words())).toList())
            .toList());
  }

  private static String orNothing(String words) {
    return words.isEmpty() ? NOTHING : words;
  }

  /** Comma-separated, full precision; standard errors have columns of their own. */
  public String toCsv() {
    List<String> headings = new ArrayList<>();
    List<Boolean> errors = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      int column = c;
      headings.add(columns.get(c).heading());
      errors.add(rows.stream().anyMatch(row -> row.get(column).hasError()));
      if (errors.get(c)) {
        headings.add(columns.get(c).title() + " stderr");
      }
    }
    List<List<String>> lines = new ArrayList<>();
    for (List<Cell> row : rows) {
      List<String> line = new ArrayList<>();
      for (int c = 0; c < row.size(); c++) {
        Cell cell = row.get(c);
        line.add(cell.isNumber() ? number(cell.value()) : cell.text());
        if (errors.get(c)) {
          line.add(cell.hasError() ? number(cell.error()) : "");
        }
      }
      lines.add(line);
    }
    return new Table(headings, lines).toCsv();
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** A Markdown table with its caption and its notes. */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder(markdown(caption)).append("\n\n");
    line(text, columns.stream().map(column -> markdown(column.heading())).toList());
    line(text, alignments().stream().map(right -> right ? "---:" : "---").toList());
    for (List<Cell> row : rows) {
      line(text, row.stream().map(cell -> markdown(orNothing(cell.words()))).toList());
    }
    if (!notes.isEmpty()) {
      text.append('\n');
      notes.forEach(note -> text.append("* ").append(markdown(note)).append('\n'));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private static String markdown(String words) {
    return words.replace("\\", "\\\\").replace("|", "\\|").replaceAll("([*_`<\\[])", "\\\\$1");
  }

  /** True for columns that hold values. */
  private List<Boolean> alignments() {
    List<Boolean> right = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      int column = c;
      right.add(rows.stream().anyMatch(row -> row.get(column).isNumber()));
    }
    return right;
  }

  /** A LaTeX table (package booktabs) with its caption and its notes. */
  public String toLatex() {
    StringBuilder text = new StringBuilder("\\begin{table}\n\\centering\n\\caption{");
    text.append(
        latex(Stream.concat(Stream.of(caption), notes.stream()).collect(Collectors.joining(". "))));
    text.append(".}\n\\begin{tabular}{");
    alignments().forEach(right -> text.append(right ? 'r' : 'l'));
    text.append("}\n\\toprule\n");
    row(text, columns.stream().map(column -> latex(column.heading())).toList());
    text.append("\\midrule\n");
    for (List<Cell> row : rows) {
      row(text, row.stream().map(MeasuredTable::latex).toList());
    }
    return text.append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").toString();
  }

  private static void row(StringBuilder text, List<String> cells) {
    text.append(String.join(" & ", cells)).append(" \\\\\n");
  }

  private static String latex(Cell cell) {
    if (cell.text().isEmpty()) {
      return "--";
    }
    return cell.hasError()
        ? "$" + cell.text() + " \\pm " + cell.errorText() + "$"
        : latex(cell.text());
  }

  private static String latex(String words) {
    UnaryOperator<String> escaped =
        letter ->
            switch (letter) {
              case "\\" -> "\\textbackslash{}";
              case "~" -> "\\textasciitilde{}";
              case "^" -> "\\textasciicircum{}";
              case "×" -> "$\\times$";
              case "±" -> "$\\pm$";
              case "–" -> "--";
              case "&", "%", "$", "#", "_", "{", "}" -> "\\" + letter;
              default -> letter;
            };
    return words
        .codePoints()
        .mapToObj(Character::toString)
        .map(escaped)
        .collect(Collectors.joining());
  }
}
