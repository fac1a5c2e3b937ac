package org.espalier.ui.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Shown;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetViewModelTest {
  private final Bench bench = new Bench();
  private final TargetViewModel target =
      new TargetViewModel(bench.session, bench.draft, bench.messages);

  @Test
  void is_available_once_there_is_something_to_allocate() {
    assertThat(target.available().get()).isFalse();
    bench.analysed();
    assertThat(target.available().get()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"30|30", "12.5 %|12.5", "12,5|12.5", " 0 |0", "100|100"})
  void takes_a_typed_number_in_any_usual_writing(String typed, double percent) {
    bench.analysed();

    assertThat(target.type(typed)).isTrue();
    assertThat(target.percent().get()).isEqualTo(percent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "-1", "101", "NaN"})
  void refuses_what_is_no_percentage(String typed) {
    bench.analysed();

    assertThat(target.type(typed)).isFalse();
    assertThat(target.percent().get()).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({"2.73 M, 25", "2730 k, 25", "5.2 MiB, 25"})
  void takes_what_shall_be_left_as_parameters_or_bytes(String typed, double percent) {
    bench.analysed();

    assertThat(target.type(typed)).isTrue();
    assertThat(target.percent().get()).isCloseTo(percent, within(0.5));
    assertThat(target.definition().get()).isEqualTo(RatioDefinition.TOTAL);
  }

  @Test
  void says_so_when_more_shall_be_left_than_there_is() {
    bench.analysed();

    assertThat(target.type("6 B")).isFalse();
    assertThat(target.problem().get()).contains("6 B is more than the model has");
    target.type("40");
    assertThat(target.problem().get()).isEmpty();
  }

  @Test
  void dragging_snaps_to_half_percents() {
    bench.analysed();

    target.drag(33.349);

    assertThat(target.percent().get()).isEqualTo(33.5);
  }

  @Test
  void the_number_keeps_its_value_when_it_becomes_a_share_of_something_else() {
    bench.analysed();

    target.define(RatioDefinition.TOTAL);

    assertThat(bench.draft.state().get().target())
        .isEqualTo(new Target(0.3, RatioDefinition.TOTAL));
  }

  @Test
  void a_target_out_of_reach_comes_with_a_link_that_leads_back() {
    bench.analysed();
    for (int block = 0; block < 7; block++) {
      bench.draft.toggleBlockLock(block);
    }
    target.type("90");
    assertThat(target.problem().get()).contains("at most");
    assertThat(target.suggestion().get()).startsWith("Use ").endsWith(" %");

    target.useNearest();

    assertThat(target.problem().get()).isEmpty();
    assertThat(target.suggestion().get()).isEmpty();
  }

  @Test
  void letters_are_no_target_and_say_so_until_the_next_edit() {
    bench.analysed();

    assertThat(target.type("much")).isFalse();
    assertThat(target.problem().get()).contains("“much”", "from 0 to 100");
    assertThat(target.percent().get()).isEqualTo(30);

    target.type("35");
    assertThat(target.problem().get()).isEmpty();
  }

  @Test
  void shows_the_target_of_a_shown_run() {
    Run run = bench.pruned();
    bench.session.shown().set(Shown.DRAFT);
    target.type("55");

    bench.session.shown().set(Shown.run(run));

    assertThat(target.percent().get()).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({"30,30.0", "33.333,33.33", "12.5,12.5", "0,0.0"})
  void writes_as_many_digits_as_needed(double percent, String written) {
    assertThat(TargetViewModel.exact(percent)).isEqualTo(written);
  }
}
