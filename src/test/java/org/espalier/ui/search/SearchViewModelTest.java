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
import org.espalier.ui.session.Shown;
import org.espalier.workbench.SearchSnapshot;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

class SearchViewModelTest {
  private final Bench bench = new Bench();
  private final SimpleBooleanProperty measuring = new SimpleBooleanProperty();
  private final SearchViewModel view =
      new SearchViewModel(
          bench.workbench,
          bench.session,
          measuring,
          bench.follower,
          bench.executor,
          bench.notices,
          bench.messages);

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

  private Run prunedBy(String method) {
    bench.opened();
    bench
        .method
        .method()
        .set(
            bench.method.methods().stream()
                .filter(known -> known.name().equals(method))
                .findFirst()
                .orElseThrow());
    bench.method.analyse();
    bench.toolbar.prune();
    return bench.session.shownRun().orElseThrow();
  }

  @Test
  void a_run_shows_the_search_that_it_came_out_of_as_long_as_it_is_kept() {
    Run run = prunedBy("adapruner");
    assertThat(view.isSearched(run)).isTrue();
    assertThat(view.ofShownRun().get()).isEmpty();
    SearchSnapshot kept = search(6, 5.2);
    bench.workbench.keepSearch(run, kept);

    bench.session.shown().set(Shown.DENSE);
    assertThat(view.ofShownRun().get()).isEmpty();
    bench.session.shown().set(Shown.run(run));
    assertThat(view.ofShownRun().get()).contains(kept);
    view.showOfShownRun();
    assertThat(view.search().get()).contains(kept);

    view.putAway();
    bench.session.shown().set(Shown.DENSE);
    view.show(run);
    assertThat(view.search().get()).contains(kept);
  }

  @Test
  void a_run_without_kept_trials_says_so() {
    view.show(prunedBy("adapruner"));

    assertThat(view.search().get()).isEmpty();
    assertThat(bench.notices.sentences()).singleElement().asString().contains("not kept");
  }

  @Test
  void a_run_of_a_method_that_does_not_search_has_none() {
    assertThat(view.isSearched(prunedBy("flap"))).isFalse();
  }

  @Test
  void the_scatter_takes_the_coefficients() {
    assertThat(SearchViewModel.coefficients(search()))
        .extracting(Variable.Continuous::name)
        .containsExactly("alpha1", "alpha2");
  }
}
