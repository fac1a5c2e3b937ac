package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.report.ComparisonReport.Entry;
import org.espalier.report.chart.ChartStyle;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

/** Who beats chance, and at which size. */
class AgainstBaselineTest {
  private static final Protocol PROTOCOL =
      new Protocol("text", "hash", 128, 4, "none", "float32", "cpu", 0);

  private static Entry entry(String label, String method, double target, double share, double ppl) {
    Run run =
        new Run(
            label,
            label,
            Path.of(label),
            Path.of("dense"),
            "5f2e",
            method,
            Map.of(),
            new Target(target, RatioDefinition.PRUNABLE),
            Locks.NONE,
            new Allocation(List.of(), List.of()),
            new Ratios(share, share, share, share),
            100,
            80,
            80,
            1,
            1,
            Instant.EPOCH,
            List.of(),
            Optional.empty());
    return new Entry(
        label,
        run,
        new PerplexityResult(ppl, List.of(Math.log(ppl)), 1, 1, PROTOCOL),
        new MethodEffort(1, false, 2, 1),
        Optional.empty());
  }

  private static List<String> sentences(Entry... entries) {
    return new AgainstBaseline("random", List.of(entries)).sentences();
  }

  @Test
  void every_target_is_judged_by_itself_against_the_geometric_mean_of_the_seeds() {
    Entry good = entry("good", "flap", 0.2, 0.2, 5.9);
    Entry bad = entry("bad", "magnitude", 0.2, 0.2, 6.1);
    Entry[] entries = {
      good,
      bad,
      entry("one", "random", 0.2, 0.2, 4),
      entry("two", "random", 0.2, 0.2, 9),
      entry("bad", "magnitude", 0.5, 0.5, 60),
      entry("one", "random", 0.5, 0.5, 70),
    };

    assertThat(sentences(entries))
        .containsExactly(
            "At 20 % not better than random (6.00, mean of 2 seeds): bad (6.10).",
            "At 50 % every method beats random (70.00).");
    assertThat(new AgainstBaseline("random", List.of(entries)).at(good)).isCloseTo(6, within(1e-9));
  }

  @Test
  void seeds_of_the_baseline_share_one_line_of_the_chart() {
    List<Entry> entries =
        List.of(
            entry("flap", "flap", 0.2, 0.2, 3),
            entry("random, seed 0", "random", 0.2, 0.2, 4),
            entry("random, seed 1", "random", 0.2, 0.2, 9),
            entry("random, seed 0", "random", 0.5, 0.5, 70));
    ComparisonReport report =
        new ComparisonReport(
            "All methods",
            "model",
            "",
            "",
            entries.get(0).perplexity(),
            Optional.of("random"),
            entries,
            List.of());

    assertThat(report.tradeOff(ChartStyle.LIGHT).orElseThrow().table().rows())
        .extracting(row -> row.get(1) + " " + Math.round(Double.parseDouble(row.get(3))))
        .containsExactly("flap 3", "random, 2 seeds 6", "random, seed 0 70");
    assertThat(report.table().rows()).hasSize(4);
  }

  @Test
  void who_ties_or_gives_no_number_has_not_won() {
    assertThat(
            sentences(
                entry("tie", "flap", 0.2, 0.2, 6),
                entry("broken", "obs", 0.2, 0.2, Double.NaN),
                entry("chance", "random", 0.2, 0.2, 6)))
        .singleElement()
        .asString()
        .contains("not better than random")
        .contains("tie (6.00)")
        .contains("broken");
  }

  @Test
  void who_wins_by_removing_less_is_named() {
    assertThat(
            sentences(
                entry("coarse", "shortgpt", 0.3, 0.25, 5),
                entry("fine", "flap", 0.3, 0.295, 5),
                entry("more", "2ssp", 0.3, 0.35, 5),
                entry("chance", "random", 0.3, 0.3, 6)))
        .containsExactly(
            "At 30 % every method beats random (6.00).",
            "At 30 % better, but with less removed, which proves little: coarse (5.00 with 25 %"
                + " removed).");
  }

  @Test
  void a_loser_that_removed_another_share_tells_it() {
    assertThat(
            sentences(
                entry("coarse", "shortgpt", 0.3, 0.375, 8), entry("chance", "random", 0.3, 0.3, 6)))
        .singleElement()
        .asString()
        .endsWith("coarse (8.00 with 37.5 % removed).");
  }

  @Test
  void targets_without_the_baseline_are_left_out() {
    assertThat(
            sentences(
                entry("flap", "flap", 0.2, 0.2, 5),
                entry("flap", "flap", 0.3, 0.3, 5),
                entry("chance", "random", 0.3, 0.3, 6)))
        .singleElement()
        .asString()
        .startsWith("At 30 %");
  }
}
