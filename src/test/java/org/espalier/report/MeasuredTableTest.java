package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.report.MeasuredTable.Cell;
import org.espalier.report.MeasuredTable.Column;
import org.junit.jupiter.api.Test;

class MeasuredTableTest {
  private static final MeasuredTable TABLE =
      new MeasuredTable(
          "Perplexity on 50 % of a_text",
          List.of(new Column("run", ""), new Column("perplexity", ""), new Column("size", "MiB")),
          List.of(
              List.of(Cell.words("a_b & c|d"), Cell.of(2.2471, 0.0113, 3), Cell.of(4.25, 2)),
              List.of(Cell.words("e, f"), Cell.NONE, Cell.of(3, 2))),
          List.of("size: of the weights"));

  @Test
  void commas_separate_full_precision_and_errors_have_their_own_column() {
    assertThat(TABLE.toCsv())
        .isEqualTo(
            "run,perplexity,perplexity stderr,size (MiB)\r\n"
                + "a_b & c|d,2.2471,0.0113,4.25\r\n"
                + "\"e, f\",,,3\r\n");
  }

  @Test
  void markdown_keeps_its_marks_from_words() {
    assertThat(TABLE.toMarkdown())
        .isEqualTo(
            """
            Perplexity on 50 % of a\\_text

            | run | perplexity | size (MiB) |
            | --- | ---: | ---: |
            | a\\_b & c\\|d | 2.247 ± 0.011 | 4.25 |
            | e, f | – | 3.00 |

            * size: of the weights
            """);
  }

  @Test
  void latex_is_escaped_and_sets_errors_as_mathematics() {
    assertThat(TABLE.toLatex())
        .isEqualTo(
            """
            \\begin{table}
            \\centering
            \\caption{Perplexity on 50 \\% of a\\_text. size: of the weights.}
            \\begin{tabular}{lrr}
            \\toprule
            run & perplexity & size (MiB) \\\\
            \\midrule
            a\\_b \\& c|d & $2.247 \\pm 0.011$ & 4.25 \\\\
            e, f & -- & 3.00 \\\\
            \\bottomrule
            \\end{tabular}
            \\end{table}
            """);
  }

  @Test
  void people_read_values_with_their_errors() {
    assertThat(TABLE.toTable().rows().get(0)).containsExactly("a_b & c|d", "2.247 ± 0.011", "4.25");
    assertThat(TABLE.toTable().rows().get(1)).containsExactly("e, f", "–", "3.00");
  }

  @Test
  void a_row_that_does_not_fit_its_headings_is_refused() {
    assertThatThrownBy(
            () ->
                new MeasuredTable("", List.of(new Column("a", "")), List.of(List.of()), List.of()))
        .hasMessage("a row of 0 values under 1 headings");
  }
}
