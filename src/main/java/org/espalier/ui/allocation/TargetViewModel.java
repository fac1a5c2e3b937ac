package org.espalier.ui.allocation;

import java.util.Locale;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.allocation.TargetSyntax;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workspace.Run;

/** The target as people set it: a slider, an exact number and what it is a share of. */
public final class TargetViewModel {
  /** Where the slider ends; the exact field goes further. */
  public static final double SLIDER_MAXIMUM = 80;

  private final Session session;
  private final Draft draft;
  private final Messages messages;
  private final ReadOnlyDoubleWrapper percent = new ReadOnlyDoubleWrapper();
  private final ReadOnlyObjectWrapper<RatioDefinition> definition = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper suggestion = new ReadOnlyStringWrapper("");
  private boolean misread;
  private final ReadOnlyBooleanWrapper available = new ReadOnlyBooleanWrapper();

  public TargetViewModel(Session session, Draft draft, Messages messages) {
    this.session = session;
    this.draft = draft;
    this.messages = messages;
    Runnable show =
        () -> {
          Target target =
              session.shown().get() instanceof Shown.OfRun
                  ? session.shownRun().map(Run::target).orElseThrow()
                  : draft.state().get().target();
          percent.set(100 * target.ratio());
          definition.set(target.of());
        };
    draft
        .state()
        .addListener(
            (property, before, after) -> {
              forgetMisread();
              show.run();
            });
    session.shown().addListener((property, before, after) -> show.run());
    show.run();
    draft
        .refusal()
        .addListener(
            (property, before, refusal) -> {
              problem.set(refusal == null ? "" : refusal.getMessage());
              suggestion.set(
                  draft
                      .nearestFeasible()
                      .map(target -> messages.text("target.use", exact(100 * target.ratio())))
                      .orElse(""));
            });
    available.bind(Bindings.isNotNull(session.analysis()));
  }

  /** Percent to remove, of the shown draft or run. */
  public ReadOnlyDoubleProperty percent() {
    return percent.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<RatioDefinition> definition() {
    return definition.getReadOnlyProperty();
  }

  /** Why the target cannot be met; empty when it can. */
  public ReadOnlyStringProperty problem() {
    return problem.getReadOnlyProperty();
  }

  /** A way out, as the text of a link; empty when there is none. */
  public ReadOnlyStringProperty suggestion() {
    return suggestion.getReadOnlyProperty();
  }

  /** True once there is an analysis to allocate from. */
  public ReadOnlyBooleanProperty available() {
    return available.getReadOnlyProperty();
  }

  /** Moves the target while a slider is dragged; close with {@link #endDrag}. */
  public void drag(double wanted) {
    draft.setTarget(new Target(share(Math.round(wanted * 2) / 2.0), definition.get()));
  }

  public void endDrag() {
    draft.closeGesture();
  }

  /**
   * Takes a typed percentage ("30", "30.5 %", "12,5") or what shall be left as parameters ("6.0 B")
   * or bytes ("12 GiB"), which mean a share of all parameters; false when it is none of these.
   */
  public boolean type(String text) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null) {
      return false;
    }
    Analysis analysis = session.analysis().get();
    try {
      Optional<Target> typed =
          TargetSyntax.parse(
              text,
              definition.get(),
              checkpoint.costs(),
              analysis != null && analysis.addsBiases());
      typed.ifPresent(
          target -> {
            forgetMisread();
            draft.setTarget(target);
            draft.closeGesture();
          });
      if (typed.isEmpty()) {
        misread(messages.text("target.unreadable", text.strip()));
      }
      return typed.isPresent();
    } catch (EspalierException refused) {
      misread(refused.getMessage());
      return false;
    }
  }

  private void misread(String why) {
    misread = true;
    problem.set(why);
    suggestion.set("");
  }

  private void forgetMisread() {
    if (misread) {
      misread = false;
      problem.set("");
    }
  }

  public void define(RatioDefinition of) {
    draft.setTarget(new Target(share(percent.get()), of));
    draft.closeGesture();
  }

  /** Follows the suggestion. */
  public void useNearest() {
    draft
        .nearestFeasible()
        .ifPresent(
            target -> {
              draft.setTarget(target);
              draft.closeGesture();
            });
  }

  public String name(RatioDefinition of) {
    return messages.text("ratio.of." + of);
  }

  /** As {@link #name}, for the toolbar. */
  public String shortName(RatioDefinition of) {
    return messages.text("ratio.short." + of);
  }

  /** A percentage with as many digits as it needs, at most two. */
  public static String exact(double percent) {
    String text = String.format(Locale.ENGLISH, "%.2f", percent);
    return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
  }

  private static double share(double percent) {
    return Math.max(0, Math.min(1, percent / 100));
  }
}
