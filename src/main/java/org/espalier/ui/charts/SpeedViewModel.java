package org.espalier.ui.charts;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import org.espalier.allocation.Budget;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Session;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workspace.Run;

/** Dense against pruned speed of the shown run, or of the newest one that was measured. */
public final class SpeedViewModel {
  /**
   * What stands beside the bars.
   *
   * @param decodeBound tokens per second that the pruned model can write at most, where reading
   *     memory is the limit
   * @param protocol what the numbers depend on
   * @param notes why pruning did not make it faster, or how much faster it can get; sentences
   */
  public record Speed(Run run, OptionalDouble decodeBound, String protocol, List<String> notes) {
    public Speed {
      notes = List.copyOf(notes);
    }
  }

  private final Session session;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<Optional<Speed>> speed =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  public SpeedViewModel(Session session, Messages messages) {
    this.session = session;
    this.messages = messages;
    session.shown().addListener((property, before, after) -> refresh());
    session.checkpoint().addListener((property, before, after) -> refresh());
    session.runs().addListener((ListChangeListener<Run>) change -> refresh());
    refresh();
  }

  public ReadOnlyObjectProperty<Optional<Speed>> speed() {
    return speed.getReadOnlyProperty();
  }

  /** The run whose speed is shown; it was measured. */
  Optional<Run> measured() {
    return session.shownRun().isPresent()
        ? session.shownRun().filter(shown -> shown.speed().isPresent())
        : session.runs().stream()
            .filter(session::belongsHere)
            .filter(candidate -> candidate.speed().isPresent())
            .reduce((first, last) -> last);
  }

  /** Place of the run in the list, which decides its colour. */
  int colour(Run run) {
    return Math.max(0, session.runs().indexOf(run));
  }

  private void refresh() {
    speed.set(measured().map(this::describe));
  }

  private OptionalDouble bound(Run run, SpeedResult pruned, SpeedResult dense) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null || !session.belongsHere(run)) {
      return OptionalDouble.empty();
    }
    // Half of the written tokens stand before the middle one.
    int context = pruned.promptTokens() + pruned.newTokens() / 2;
    OptionalDouble bound =
        Budget.of(run.allocation(), checkpoint.costs(), context, true)
            .speedUpBound(Budget.dense(checkpoint.costs(), context));
    return bound.isPresent()
        ? OptionalDouble.of(bound.getAsDouble() * dense.decodeTokensPerSecond())
        : bound;
  }

  private Speed describe(Run run) {
    SpeedComparison comparison = run.speed().orElseThrow();
    SpeedResult pruned = comparison.pruned();
    return new Speed(
        run,
        bound(run, pruned, comparison.dense()),
        new ProtocolWords(messages).of(pruned),
        comparison.notes());
  }
}
