package org.espalier.ui.allocation;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.InfeasibleTargetException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.workbench.Analysis;

/**
 * Solves allocations off the UI thread. One solve runs at a time; of the questions that arrive
 * meanwhile only the newest is kept, so answers come in order and never lag by more than one solve.
 */
final class NewestSolver {
  /** A question. */
  record Question(Analysis analysis, DraftState state) {}

  /** An answer, or why there is none. */
  sealed interface Answer {
    Question question();

    /**
     * The allocation.
     *
     * @param proposal what the method would do without locks; empty where there are none
     * @param free what it would be if it could run anywhere; empty where it can
     */
    record Solved(
        Question question,
        Allocation allocation,
        Optional<Allocation> proposal,
        Optional<Allocation> free)
        implements Answer {}

    /** No allocation meets the question. */
    record Refused(Question question, EspalierException reason) implements Answer {}
  }

  private final UiExecutor executor;
  private final AtomicReference<Question> waiting = new AtomicReference<>();
  private final AtomicBoolean running = new AtomicBoolean();

  NewestSolver(UiExecutor executor) {
    this.executor = executor;
  }

  /** Answers on the UI thread, unless a newer question takes this one's place before it starts. */
  void ask(Question question, Consumer<Answer> onAnswer) {
    waiting.set(question);
    if (running.compareAndSet(false, true)) {
      executor.inBackground(() -> solveWaiting(onAnswer));
    }
  }

  private void solveWaiting(Consumer<Answer> onAnswer) {
    do {
      try {
        for (Question next = waiting.getAndSet(null);
            next != null;
            next = waiting.getAndSet(null)) {
          Answer answer = solve(next);
          executor.onUi(() -> onAnswer.accept(answer));
        }
      } finally {
        running.set(false);
      }
    } while (waiting.get() != null && running.compareAndSet(false, true));
  }

  private static Answer solve(Question question) {
    try {
      return new Answer.Solved(
          question,
          question.analysis().allocate(question.state().target(), question.state().locks()),
          proposal(question),
          free(question));
    } catch (InfeasibleTargetException refused) {
      return new Answer.Refused(question, refused);
    } catch (EspalierException failed) {
      return new Answer.Refused(question, failed);
    }
  }

  private static Optional<Allocation> proposal(Question question) {
    return question.state().locks().isEmpty()
        ? Optional.empty()
        : answer(question.analysis(), question.state().target(), Locks.NONE);
  }

  private static Optional<Allocation> free(Question question) {
    return question.analysis().constraint().isNone()
        ? Optional.empty()
        : answer(question.analysis().free(), question.state().target(), question.state().locks());
  }

  /** Empty where the target is met only with the locks, or only within the constraint. */
  private static Optional<Allocation> answer(Analysis analysis, Target target, Locks locks) {
    try {
      return Optional.of(analysis.allocate(target, locks));
    } catch (EspalierException infeasible) {
      return Optional.empty();
    }
  }
}
