package org.espalier.report.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.espalier.allocation.RatioDefinition;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.report.MeasuredTable;
import org.espalier.report.Table;
import org.junit.jupiter.api.Test;

class ComparisonTablesTest {
  private static List<String> column(Table table, String title) {
    int index = table.columns().indexOf(title);
    return table.rows().stream().map(row -> row.get(index)).toList();
  }

  @Test
  void every_protocol_has_a_table_of_its_own_and_ranks_only_its_own_runs() {
    var dense = ComparedRuns.perplexity(5, "stories", "cpu");
    ComparisonTables tables =
        new ComparisonTables(
            List.of(
                ComparedRuns.run(
                    "a", List.of(ComparedRuns.perplexity(9, "wiki", "cpu")), List.of()),
                ComparedRuns.run(
                    "b", List.of(ComparedRuns.perplexity(7, "stories", "cpu")), List.of(dense)),
                ComparedRuns.run(
                    "c", List.of(ComparedRuns.perplexity(6, "stories", "cpu")), List.of()),
                ComparedRuns.run("d", List.of(), List.of())),
            RatioDefinition.UNIT);

    List<MeasuredTable> all = tables.all();

    assertThat(all)
        .extracting(MeasuredTable::caption)
        .containsExactly(
            "Perplexity on 2 windows of 128 tokens of stories, first token of each not scored,"
                + " none, float32 on cpu",
            "Perplexity on 2 windows of 128 tokens of wiki, first token of each not scored, none,"
                + " float32 on cpu",
            "Without a perplexity");
    Table stories = all.get(0).toTable();
    assertThat(stories.columns()).contains("removed of unit (%)");
    // Both removed the same, so the better one comes first.
    assertThat(column(stories, "run")).containsExactly("dense", "c", "b");
    assertThat(column(stories, "rank")).containsExactly("–", "1 of 2", "2 of 2");
    assertThat(column(stories, "to dense (times)")).containsExactly("1.000", "1.200", "1.400");
    assertThat(column(stories, "perplexity").get(1)).isEqualTo("6.000 ± 0.000");
    // Nobody to be ranked against.
    assertThat(column(all.get(1).toTable(), "rank")).containsExactly("–");
    assertThat(all.get(2).toTable().columns()).doesNotContain("perplexity", "rank");
  }

  @Test
  void an_estimate_says_of_how_much_it_was_made_and_how_far_the_whole_text_may_be() {
    var half = ComparedRuns.perplexity(9, "stories", "cpu");
    PerplexityResult estimate =
        new PerplexityResult(9, List.of(2.0, 2.4), 256, 1, half.protocol(), true, 8, List.of());

    Table table =
        new ComparisonTables(
                List.of(ComparedRuns.run("a", List.of(estimate), List.of())), RatioDefinition.UNIT)
            .all()
            .get(0)
            .toTable();

    // 9 · 0.2 · √(1 - 2/8)
    assertThat(column(table, "perplexity")).containsExactly("≈ 9.000 ± 1.559");
  }
}
