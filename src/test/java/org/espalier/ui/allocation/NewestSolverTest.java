package org.espalier.ui.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.ui.allocation.NewestSolver.Question;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.platform.UiExecutor;
import org.junit.jupiter.api.Test;

class NewestSolverTest {
  /** Puts background work off until the test runs it. */
  private static final class PutOff implements UiExecutor {
    final List<Runnable> background = new ArrayList<>();

    @Override
    public void onUi(Runnable action) {
      action.run();
    }

    @Override
    public void onUiAfter(Duration delay, Runnable action) {
      action.run();
    }

    @Override
    public void inBackground(Runnable work) {
      background.add(work);
    }
  }

  private final Bench bench = new Bench().analysed();
  private final PutOff executor = new PutOff();
  private final NewestSolver solver = new NewestSolver(executor);
  private final List<Double> answered = new ArrayList<>();

  @Test
  void of_the_questions_that_arrive_meanwhile_only_the_newest_is_answered() {
    ask(0.1);
    ask(0.2);
    ask(0.3);
    assertThat(executor.background).as("one solve at a time").hasSize(1);

    executor.background.remove(0).run();

    assertThat(answered).containsExactly(0.3);
  }

  @Test
  void a_later_question_is_answered_after_an_earlier_one() {
    ask(0.1);
    executor.background.remove(0).run();
    ask(0.2);
    executor.background.remove(0).run();

    assertThat(answered).containsExactly(0.1, 0.2);
  }

  private void ask(double ratio) {
    solver.ask(
        new Question(
            bench.session.analysis().get(),
            new DraftState(new Target(ratio, RatioDefinition.PRUNABLE), Locks.NONE)),
        answer -> answered.add(answer.question().state().target().ratio()));
  }
}
