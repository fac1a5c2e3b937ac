package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.espalier.search.SearchSpace;
import org.espalier.search.Trial;
import org.espalier.search.Variable;
import org.espalier.workbench.SearchSnapshot;
import org.junit.jupiter.api.Test;

class TrialLinesTest {
  private static final Trial FIRST = new Trial(0, Map.of("alpha1", 0.25), 6.5);
  private static final Trial SECOND = new Trial(1, Map.of("alpha1", 0.5), 7);
  private static final Trial THIRD = new Trial(2, Map.of("alpha1", 1.0), 6);

  private final StringWriter err = new StringWriter();
  private final TrialLines lines =
      new TrialLines(
          new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false, 80));

  private static SearchSnapshot search(Trial... trials) {
    return new SearchSnapshot(
        "run",
        new SearchSpace(List.of(new Variable.Continuous("alpha1", 0, 1))),
        3,
        3.7,
        "held-out windows",
        List.of(trials));
  }

  @Test
  void every_trial_is_a_line_and_the_best_is_known() {
    lines.show(search());
    assertThat(lines.note()).isEmpty();
    lines.show(search(FIRST));
    lines.show(search(FIRST, SECOND));
    lines.show(search(FIRST, SECOND, THIRD));

    assertThat(err.toString().lines())
        .containsExactly(
            "Trials are judged on held-out windows; the dense model has perplexity 3.7000 there",
            "Trial 1 of 3: perplexity 6.5000, the best so far (alpha1 0.250)",
            "Trial 2 of 3: perplexity 7.0000 (alpha1 0.500)",
            "Trial 3 of 3: perplexity 6.0000, the best so far (alpha1 1)");
    assertThat(lines.note()).isEqualTo("best 6.0000");
    assertThat(lines.trials()).containsExactly(FIRST, SECOND, THIRD);
  }

  @Test
  void a_resumed_search_says_where_it_goes_on() {
    lines.show(search(FIRST, SECOND));
    lines.show(search(FIRST, SECOND, THIRD));

    assertThat(err.toString())
        .contains("Going on behind trial 2")
        .contains("Trial 3 of 3")
        .doesNotContain("Trial 2 of 3");
  }
}
