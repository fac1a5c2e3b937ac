package org.espalier.report.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolGroupTest {
  @Test
  void runs_under_different_protocols_are_never_in_one_group() {
    List<ProtocolGroup> groups =
        ProtocolGroup.of(
            List.of(
                ComparedRuns.run(
                    "a", List.of(ComparedRuns.perplexity(9, "wiki", "cpu")), List.of()),
                ComparedRuns.run(
                    "b",
                    List.of(ComparedRuns.perplexity(7, "stories", "cpu")),
                    List.of(ComparedRuns.perplexity(5, "stories", "cpu"))),
                ComparedRuns.run(
                    "c", List.of(ComparedRuns.perplexity(8, "stories", "cuda:0")), List.of())));

    assertThat(groups).hasSize(2);
    assertThat(groups.get(0).members()).extracting(m -> m.run().name()).containsExactly("b", "c");
    assertThat(groups.get(0).dense().orElseThrow().perplexity()).isEqualTo(5);
    assertThat(groups.get(1).members()).extracting(m -> m.run().name()).containsExactly("a");
    assertThat(groups.get(1).dense()).isEmpty();
  }

  @Test
  void runs_of_different_models_are_never_in_one_group() {
    var result = ComparedRuns.perplexity(9, "wiki", "cpu");
    assertThat(
            ProtocolGroup.of(
                List.of(
                    ComparedRuns.run("a", "one", List.of(result), List.of()),
                    ComparedRuns.run("b", "other", List.of(result), List.of()))))
        .hasSize(2);
  }

  @Test
  void a_run_measured_twice_under_a_protocol_counts_with_its_newest_number() {
    ComparedRun run =
        ComparedRuns.run(
            "a",
            List.of(
                ComparedRuns.perplexity(9, "wiki", "cpu"),
                ComparedRuns.perplexity(8, "wiki", "cuda:0")),
            List.of());
    List<ProtocolGroup> groups = ProtocolGroup.of(List.of(run));
    assertThat(groups).hasSize(1);
    assertThat(groups.get(0).of(run.run()).orElseThrow().perplexity()).isEqualTo(8);
  }

  @Test
  void the_front_is_what_nothing_beats_in_every_respect() {
    assertThat(
            ParetoFront.of(
                List.of(
                    new double[] {1, 5},
                    new double[] {2, 2},
                    new double[] {3, 3},
                    new double[] {2, 2},
                    new double[] {5, 1},
                    new double[] {1, 6})))
        .containsExactly(true, true, false, true, true, false);
  }
}
