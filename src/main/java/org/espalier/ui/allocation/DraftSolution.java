package org.espalier.ui.allocation;

import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.espalier.allocation.Allocation;
import org.espalier.task.EspalierException;
import org.espalier.ui.allocation.NewestSolver.Answer;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.Session;
import org.espalier.workbench.Analysis;

/** What the newest analysis makes of a draft's state, solved off the UI thread. */
final class DraftSolution {
  private final Session session;
  private final ObservableValue<DraftState> state;
  private final NewestSolver solver;
  private final ReadOnlyObjectWrapper<Allocation> allocation = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<EspalierException> refusal = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyBooleanWrapper settled = new ReadOnlyBooleanWrapper();
  private Optional<Allocation> proposal = Optional.empty();
  private Optional<Allocation> free = Optional.empty();

  DraftSolution(Session session, ObservableValue<DraftState> state, UiExecutor executor) {
    this.session = session;
    this.state = state;
    this.solver = new NewestSolver(executor);
    session.analysis().addListener((property, before, analysed) -> solve());
  }

  ReadOnlyObjectProperty<Allocation> allocation() {
    return allocation.getReadOnlyProperty();
  }

  ReadOnlyObjectProperty<EspalierException> refusal() {
    return refusal.getReadOnlyProperty();
  }

  ReadOnlyBooleanProperty settled() {
    return settled.getReadOnlyProperty();
  }

  Optional<Allocation> proposal() {
    return proposal;
  }

  Optional<Allocation> free() {
    return free;
  }

  /** The allocation that answers the present state; empty while there is none. */
  Optional<Allocation> answer() {
    return settled.get() ? Optional.ofNullable(allocation.get()) : Optional.empty();
  }

  void clear() {
    free = Optional.empty();
    allocation.set(null);
    refusal.set(null);
    settled.set(false);
  }

  void solve() {
    settled.set(false);
    Analysis analysis = session.analysis().get();
    if (analysis == null) {
      clear();
    } else {
      solver.ask(new NewestSolver.Question(analysis, state.getValue()), this::take);
    }
  }

  private void take(Answer answer) {
    if (!answer.question().analysis().equals(session.analysis().get())) {
      return;
    }
    boolean newest = answer.question().state().asksTheSameAs(state.getValue());
    if (answer instanceof Answer.Solved solved) {
      proposal = solved.proposal();
      free = solved.free();
      allocation.set(solved.allocation());
      if (newest) {
        refusal.set(null);
        settled.set(true);
      }
    } else if (answer instanceof Answer.Refused refused && newest) {
      refusal.set(refused.reason());
    }
  }
}
