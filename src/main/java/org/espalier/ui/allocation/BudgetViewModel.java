package org.espalier.ui.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Budget;
import org.espalier.allocation.ModelCosts;
import org.espalier.allocation.RatioDefinition;
import org.espalier.ui.help.NumberHelp;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workspace.Run;

/**
 * What the shown allocation takes, before and after: sizes, work and reading per decoded token, and
 * all four ratios.
 */
public final class BudgetViewModel {
  /**
   * A row of the table.
   *
   * @param before empty where a row has no "before"
   * @param leading true for the ratio that the target means
   * @param explanation one or two sentences
   * @param help more of it
   */
  public record Line(
      String label,
      String before,
      String after,
      boolean leading,
      String explanation,
      NumberHelp help) {}

  private static final int[] CONTEXTS = {128, 1024, 4096, 16_384, 65_536, 131_072};

  private final Session session;
  private final Draft draft;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<List<Line>> lines = new ReadOnlyObjectWrapper<>(List.of());
  private final IntegerProperty context = new SimpleIntegerProperty();
  private final ObservableList<Integer> contexts = FXCollections.observableArrayList();
  private final ReadOnlyStringWrapper remark = new ReadOnlyStringWrapper("");

  public BudgetViewModel(Session session, Draft draft, Messages messages) {
    this.session = session;
    this.draft = draft;
    this.messages = messages;
    session.checkpoint().addListener((property, before, after) -> opened(after));
    session.analysis().addListener((property, before, after) -> refresh());
    session.shown().addListener((property, before, after) -> refresh());
    draft.allocation().addListener((property, before, after) -> refresh());
    draft.state().addListener((property, before, after) -> refresh());
    context.addListener((property, before, after) -> refresh());
    opened(session.checkpoint().get());
  }

  public ReadOnlyObjectProperty<List<Line>> lines() {
    return lines.getReadOnlyProperty();
  }

  /** Tokens before the decoded one, for what it reads and computes. */
  public IntegerProperty context() {
    return context;
  }

  /** What {@link #context} may be for the open model. */
  public ObservableList<Integer> contexts() {
    return contexts;
  }

  private void opened(OpenedCheckpoint checkpoint) {
    if (checkpoint != null) {
      int longest = checkpoint.costs().longestContext();
      List<Integer> possible = new ArrayList<>();
      IntStream.of(CONTEXTS).filter(length -> length < longest).forEach(possible::add);
      possible.add(longest);
      contexts.setAll(possible);
      if (!possible.contains(context.get())) {
        context.set(possible.get(Math.min(1, possible.size() - 1)));
      }
    }
    refresh();
  }

  /** What the method says of a draft that cannot come as near to its target as single units do. */
  public ReadOnlyStringProperty remark() {
    return remark.getReadOnlyProperty();
  }

  private void refresh() {
    remark.set(remarkOnDraft());
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null) {
      lines.set(List.of());
      return;
    }
    Optional<Run> run = session.shownRun();
    if (run.isPresent() && !session.belongsHere(run.get())) {
      lines.set(foreign(run.get()));
      return;
    }
    ModelCosts costs = checkpoint.costs();
    Budget dense = Budget.dense(costs, context.get());
    Allocation drafted = draft.allocation().get();
    if (run.isPresent()) {
      Run shown = run.get();
      // Its own size tells whether its repair added biases.
      boolean repaired =
          Budget.of(shown.allocation(), costs, 0, false).parameters() != shown.parametersAfter();
      lines.set(
          lines(
              dense,
              Budget.of(shown.allocation(), costs, context.get(), repaired),
              Optional.of(shown.target().of())));
    } else if (session.shown().get() instanceof Shown.Draft && drafted != null) {
      Analysis analysis = session.analysis().get();
      lines.set(
          lines(
              dense,
              Budget.of(drafted, costs, context.get(), analysis != null && analysis.addsBiases()),
              Optional.of(draft.state().get().target().of())));
    } else {
      lines.set(lines(dense, dense, Optional.empty()));
    }
  }

  private String remarkOnDraft() {
    boolean hasDraft =
        session.analysis().get() != null
            && session.shown().get() instanceof Shown.Draft
            && draft.allocation().get() != null;
    return hasDraft
        ? session
            .analysis()
            .get()
            .remark(draft.state().get().target(), draft.allocation().get())
            .orElse("")
        : "";
  }

  private List<Line> lines(Budget before, Budget after, Optional<RatioDefinition> leading) {
    List<Line> all = new ArrayList<>();
    all.add(
        line(
            NumberHelp.PARAMETERS,
            "parameters",
            Figures.parameters(before.parameters()),
            Figures.parameters(after.parameters())));
    all.add(
        line(
            NumberHelp.WEIGHTS,
            "bytes",
            Figures.bytes(before.bytes()),
            Figures.bytes(after.bytes())));
    all.add(
        line(
            NumberHelp.PRODUCTS,
            "macs",
            Figures.parameters(before.macs()),
            Figures.parameters(after.macs())));
    all.add(
        line(
            NumberHelp.READ,
            "read",
            Figures.bytes(before.bytesRead()),
            Figures.bytes(after.bytesRead()),
            Figures.bytes(after.weightBytesRead()),
            Figures.bytes(after.cacheBytesRead()),
            context.get()));
    OptionalDouble bound = after.speedUpBound(before);
    all.add(
        line(
            NumberHelp.BOUND,
            "bound",
            "",
            bound.isPresent()
                ? messages.text("budget.times", bound.getAsDouble())
                : messages.text("budget.noBound")));
    for (RatioDefinition of :
        List.of(
            RatioDefinition.PRUNABLE,
            RatioDefinition.UNIT,
            RatioDefinition.LAYER,
            RatioDefinition.TOTAL)) {
      all.add(
          new Line(
              messages.text("budget.removed." + of),
              "",
              Figures.percent(after.ratios().by(of)),
              leading.filter(of::equals).isPresent(),
              messages.text("budget.removed.explained", messages.text("ratio.of." + of)),
              NumberHelp.of(of)));
    }
    return all;
  }

  /** A run of another model: its sizes are known, its widths mean nothing here. */
  private List<Line> foreign(Run run) {
    List<Line> all = new ArrayList<>();
    all.add(
        line(
            NumberHelp.PARAMETERS,
            "parameters",
            Figures.parameters(run.parametersBefore()),
            Figures.parameters(run.parametersAfter())));
    all.add(line(NumberHelp.WEIGHTS, "bytes", "", Figures.bytes(run.bytes())));
    for (RatioDefinition of : RatioDefinition.values()) {
      all.add(
          new Line(
              messages.text("budget.removed." + of),
              "",
              Figures.percent(run.ratios().by(of)),
              of == run.target().of(),
              messages.text("budget.removed.explained", messages.text("ratio.of." + of)),
              NumberHelp.of(of)));
    }
    return all;
  }

  private Line line(NumberHelp help, String key, String before, String after, Object... explained) {
    return new Line(
        messages.text("budget." + key),
        before,
        after,
        false,
        messages.text("budget." + key + ".explained", explained),
        help);
  }
}
