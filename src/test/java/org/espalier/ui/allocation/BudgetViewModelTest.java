package org.espalier.ui.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.ui.allocation.BudgetViewModel.Line;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
import org.junit.jupiter.api.Test;

class BudgetViewModelTest {
  private final Bench bench = new Bench();
  private final BudgetViewModel budget =
      new BudgetViewModel(bench.session, bench.draft, bench.messages);

  @Test
  void is_empty_before_a_checkpoint_is_open() {
    assertThat(budget.lines().get()).isEmpty();
  }

  @Test
  void an_open_checkpoint_has_lost_nothing_yet() {
    bench.opened();

    assertThat(budget.lines().get())
        .extracting(Line::after)
        .containsExactly(
            "3.64 M", "6.9 MiB", "6.78 M", "9.9 MiB", "×1.00", "0.0 %", "0.0 %", "0.0 %", "0.0 %");
  }

  @Test
  void shows_sizes_and_all_four_ratios_of_the_draft_and_marks_the_one_that_is_meant() {
    bench.analysed();
    bench.draft.setTarget(new Target(0.25, RatioDefinition.TOTAL));

    assertThat(budget.lines().get()).hasSize(9);
    assertThat(budget.lines().get().get(0).before()).isEqualTo("3.64 M");
    assertThat(budget.lines().get())
        .filteredOn(Line::leading)
        .singleElement()
        .satisfies(line -> assertThat(line.after()).startsWith("25."));
  }

  @Test
  void follows_what_is_shown() {
    bench.pruned();
    String ofRun = budget.lines().get().get(0).after();

    bench.session.shown().set(Shown.DENSE);

    assertThat(budget.lines().get().get(0).after()).isEqualTo("3.64 M").isNotEqualTo(ofRun);
  }

  @Test
  void tells_what_a_method_with_coarse_steps_says_of_the_draft_alone() {
    bench.analysed();
    assertThat(budget.remark().get()).isEmpty();
    Analysis fine = bench.session.analysis().get();
    Allocator coarse =
        new Allocator() {
          @Override
          public Allocation allocate(Target target, Locks locks) {
            return fine.allocate(target, locks);
          }

          @Override
          public Optional<String> remark(Target target, Allocation answer) {
            return Optional.of("Whole blocks go, 2 of 8.");
          }
        };

    bench.session.analysed(
        new Analysis(
            fine.checkpoint(),
            fine.request(),
            fine.method(),
            fine.importance(),
            fine.subLayers(),
            coarse,
            fine.addsBiases(),
            fine.calibration()));

    assertThat(budget.remark().get()).isEqualTo("Whole blocks go, 2 of 8.");
    bench.session.shown().set(Shown.DENSE);
    assertThat(budget.remark().get()).isEmpty();
  }
}
