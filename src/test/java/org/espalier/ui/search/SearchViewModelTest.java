package org.espalier.ui.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javafx.beans.property.SimpleBooleanProperty;
import org.espalier.search.SearchSpace;
import org.espalier.search.Trial;
import org.espalier.search.Variable;
import org.espalier.ui.fake.Bench;
import org.espalier.workbench.SearchSnapshot;
import org.junit.jupiter.api.Test;

class SearchViewModelTest {
  private final Bench bench = new Bench();
  private final SimpleBooleanProperty measuring = new SimpleBooleanProperty();
  private final SearchViewModel view =
      new SearchViewModel(bench.workbench, measuring, bench.executor, bench.messages);

  private static SearchSnapshot search(double... perplexities) {
    List<Trial> trials = new ArrayList<>();
    for (double perplexity : perplexities) {
      trials.add(
          new Trial(
              trials.size(),
              Map.of("set", 3.0, "alpha1", 0.25, "alpha2", trials.size() / 10.0),
              perplexity));
    }
    return new SearchSnapshot(
        "adapruner 50 %",
        new SearchSpace(
            List.of(
                new Variable.Categorical("set", 8),
                new Variable.Continuous("alpha1", 0, 1),
                new Variable.Continuous("alpha2", 0, 1))),
        40,
        3.7,
        "held-out windows",
        trials);
  }

  @Test
  void nothing_is_shown_before_a_search() {
    assertThat(view.search().get()).isEmpty();
  }

  @Test
  void every_trial_is_told_with_the_best_so_far() {
    bench.workbench.tellSearch(search());
    assertThat(view.summary(view.search().get().orElseThrow()))
        .isEqualTo("0 of 40 trials for adapruner 50 %.");

    bench.workbench.tellSearch(search(Double.NaN, 6, 5.2, 5.4));
    assertThat(view.summary(view.search().get().orElseThrow()))
        .startsWith("4 of 40 trials for adapruner 50 %.")
        .contains("5.20")
        .contains("alpha2 0.2")
        .contains("set 3");
  }

  @Test
  void a_search_that_was_put_away_comes_back_with_its_next_trial() {
    bench.workbench.tellSearch(search(6));
    view.putAway();
    assertThat(view.search().get()).isEmpty();

    bench.workbench.tellSearch(search(6, 5));
    assertThat(view.search().get()).isPresent();
  }

  @Test
  void an_evaluation_takes_its_place() {
    bench.workbench.tellSearch(search(6));
    measuring.set(true);
    assertThat(view.search().get()).isEmpty();
  }

  @Test
  void the_scatter_takes_the_coefficients() {
    assertThat(SearchViewModel.coefficients(search()))
        .extracting(Variable.Continuous::name)
        .containsExactly("alpha1", "alpha2");
  }
}
