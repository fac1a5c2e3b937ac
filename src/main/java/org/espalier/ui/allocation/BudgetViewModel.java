package org.espalier.ui.allocation;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workspace.Run;

/** What the shown allocation costs and saves: sizes before and after, and all four ratios. */
public final class BudgetViewModel {
  /**
   * A row of the table.
   *
   * @param before empty where a row has no "before"
   * @param leading true for the ratio that the target means
   */
  public record Line(String label, String before, String after, boolean leading) {}

  private final Session session;
  private final Draft draft;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<List<Line>> lines = new ReadOnlyObjectWrapper<>(List.of());

  public BudgetViewModel(Session session, Draft draft, Messages messages) {
    this.session = session;
    this.draft = draft;
    this.messages = messages;
    session.checkpoint().addListener((property, before, after) -> refresh());
    session.shown().addListener((property, before, after) -> refresh());
    draft.allocation().addListener((property, before, after) -> refresh());
    draft.state().addListener((property, before, after) -> refresh());
    refresh();
  }

  public ReadOnlyObjectProperty<List<Line>> lines() {
    return lines.getReadOnlyProperty();
  }

  private void refresh() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    Optional<Run> run = session.shownRun();
    if (run.isPresent()) {
      Run shown = run.get();
      lines.set(
          lines(
              shown.parametersBefore(),
              shown.parametersAfter(),
              scaled(shown.bytes(), shown.parametersBefore(), shown.parametersAfter()),
              shown.bytes(),
              shown.ratios(),
              Optional.of(shown.target().of())));
    } else if (checkpoint == null) {
      lines.set(List.of());
    } else {
      PrunableModel model = checkpoint.model();
      boolean ofDraft =
          session.shown().get() instanceof Shown.Draft && draft.allocation().get() != null;
      Allocation allocation = ofDraft ? draft.allocation().get() : Allocation.dense(model);
      Ratios ratios = Ratios.of(allocation, model);
      long before = model.totalParameters();
      long after = before - Math.round(ratios.total() * before);
      lines.set(
          lines(
              before,
              after,
              checkpoint.bytes(),
              scaled(checkpoint.bytes(), after, before),
              ratios,
              ofDraft ? Optional.of(draft.state().get().target().of()) : Optional.empty()));
    }
  }

  private List<Line> lines(
      long before,
      long after,
      long bytesBefore,
      long bytesAfter,
      Ratios ratios,
      Optional<RatioDefinition> leading) {
    return List.of(
        new Line(
            messages.text("budget.parameters"),
            Figures.parameters(before),
            Figures.parameters(after),
            false),
        new Line(
            messages.text("budget.bytes"),
            Figures.bytes(bytesBefore),
            Figures.bytes(bytesAfter),
            false),
        ratio(RatioDefinition.PRUNABLE, ratios, leading),
        ratio(RatioDefinition.UNIT, ratios, leading),
        ratio(RatioDefinition.LAYER, ratios, leading),
        ratio(RatioDefinition.TOTAL, ratios, leading));
  }

  private Line ratio(RatioDefinition of, Ratios ratios, Optional<RatioDefinition> leading) {
    return new Line(
        messages.text("budget.removed." + of),
        "",
        Figures.percent(ratios.by(of)),
        leading.filter(of::equals).isPresent());
  }

  /** {@code bytes} of {@code of} parameters, scaled to {@code to} parameters. */
  private static long scaled(long bytes, long to, long of) {
    return of == 0 ? 0 : Math.round((double) bytes / of * to);
  }
}
