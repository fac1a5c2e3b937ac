package org.espalier.ui.destination;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;
import org.espalier.report.heatmap.Overlay;
import org.espalier.task.EspalierException;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.DraftState;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.prediction.PredictionViewModel;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.AnalysisRequest;
import org.espalier.workbench.ConstraintCost;
import org.espalier.workbench.Destination;
import org.espalier.workbench.Job;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/**
 * Where the pruned model will run: what widths that takes, and what it costs to keep to them. Both
 * drafts, with and without, are proposed before anything is pruned.
 */
public final class DestinationViewModel {
  /** What channels may come in multiples of: any number, quantised kernels, tensor cores. */
  public static final List<Integer> MULTIPLES = List.of(1, 32, 64, 256);

  /**
   * A place to run.
   *
   * @param target a name of {@link Workbench#exportTargets}; empty for one that is not decided
   */
  public record Place(String target, String title, String description) {}

  /**
   * What keeping to the widths costs.
   *
   * @param headline empty where there is nothing to pay for
   * @param note what was measured; empty before
   * @param measurable whether measuring would tell more
   */
  public record Cost(String headline, String note, boolean measurable) {
    static final Cost NONE = new Cost("", "", false);
  }

  /** What a price depends on. */
  private record Question(long checkpoint, AnalysisRequest request, Target target, Locks locks) {
    static Question of(Analysis analysis, DraftState state) {
      return new Question(
          analysis.checkpoint().id(), analysis.request(), state.target(), state.locks());
    }
  }

  /** A constrained analysis, or why there is none. */
  private record Answer(Optional<Analysis> analysis, String refusal) {}

  private final Workbench workbench;
  private final Session session;
  private final Draft draft;
  private final PredictionViewModel prediction;
  private final ObjectProperty<Optional<Overlay>> overlay;
  private final JobFollower follower;
  private final Messages messages;
  private final List<Place> places;
  private final ObjectProperty<Place> place = new SimpleObjectProperty<>();
  private final ObjectProperty<Integer> multiple = new SimpleObjectProperty<>(1);
  private final BooleanProperty both = new SimpleBooleanProperty(true);
  private final ReadOnlyBooleanWrapper comparable = new ReadOnlyBooleanWrapper();
  private final ReadOnlyObjectWrapper<String> words = new ReadOnlyObjectWrapper<>("");
  private final ReadOnlyObjectWrapper<String> refusal = new ReadOnlyObjectWrapper<>("");
  private final ReadOnlyObjectWrapper<Cost> cost = new ReadOnlyObjectWrapper<>(Cost.NONE);
  private final ReadOnlyObjectWrapper<Job<ConstraintCost>> measuring =
      new ReadOnlyObjectWrapper<>();
  private final Map<Question, ConstraintCost> measured = new HashMap<>();
  private String choiceRefusal = "";
  private String runRefusal = "";
  private Optional<Overlay> shownOverlay = Optional.empty();
  private Destination asked = Destination.ANYWHERE;
  private boolean settling;

  /**
   * @param overlay what the rows are compared with
   */
  public DestinationViewModel(
      Workbench workbench,
      Session session,
      Draft draft,
      PredictionViewModel prediction,
      ObjectProperty<Optional<Overlay>> overlay,
      JobFollower follower,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.draft = draft;
    this.prediction = prediction;
    this.overlay = overlay;
    this.follower = follower;
    this.messages = messages;
    List<Place> all = new ArrayList<>();
    all.add(
        new Place(
            "",
            messages.text("destination.undecided"),
            messages.text("destination.undecidedExplained")));
    workbench
        .exportTargets()
        .forEach(target -> all.add(new Place(target.name(), target.title(), target.description())));
    places = List.copyOf(all);
    place.set(places.get(0));
    place.addListener((property, before, after) -> chosen());
    multiple.addListener((property, before, after) -> chosen());
    both.addListener((property, before, after) -> refresh());
    overlay.addListener((property, before, after) -> compared(after));
    session.destination().addListener((property, before, after) -> settle(after));
    session.destination().addListener((property, before, after) -> askForRun());
    session.shown().addListener((property, before, after) -> askForRun());
    draft.state().addListener((property, before, after) -> follow(after.destination()));
    session.analysis().addListener((property, before, after) -> refresh());
    session.shown().addListener((property, before, after) -> refresh());
    draft.allocation().addListener((property, before, after) -> refresh());
    draft.settled().addListener((property, before, after) -> refresh());
    draft.refusal().addListener((property, before, after) -> refresh());
    prediction.stage().addListener((property, before, after) -> refresh());
    refresh();
  }

  /** Not decided first, then the export targets. */
  public List<Place> places() {
    return places;
  }

  public ObjectProperty<Place> place() {
    return place;
  }

  /** One of {@link #MULTIPLES}. */
  public ObjectProperty<Integer> multiple() {
    return multiple;
  }

  /** Whether the draft without the constraint lies over the rows. */
  public BooleanProperty both() {
    return both;
  }

  /** What widths the place takes; empty before it is decided. */
  public ReadOnlyObjectProperty<String> words() {
    return words.getReadOnlyProperty();
  }

  /** Why the last choice was not taken, or does not hold the shown run; empty when it does. */
  public ReadOnlyObjectProperty<String> refusal() {
    return refusal.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Cost> cost() {
    return cost.getReadOnlyProperty();
  }

  /** The job that measures the cost; null while none does. */
  public ReadOnlyObjectProperty<Job<ConstraintCost>> measuring() {
    return measuring.getReadOnlyProperty();
  }

  /** Whether the draft with any widths is another one, which can be shown beside it. */
  public ReadOnlyBooleanProperty comparable() {
    return comparable.getReadOnlyProperty();
  }

  /** Measures both drafts in the background. */
  public void measure() {
    Analysis analysis = session.analysis().get();
    if (analysis == null || !cost.get().measurable() || measuring.get() != null) {
      return;
    }
    DraftState state = draft.state().get();
    Job<ConstraintCost> job = workbench.constraintCost(analysis, state.target(), state.locks());
    measuring.set(job);
    follower.follow(
        job,
        result -> measured.put(Question.of(analysis, state), result),
        () -> {
          if (measuring.get() == job) {
            measuring.set(null);
          }
          refresh();
        });
  }

  /** Stops measuring. */
  public void cancel() {
    if (measuring.get() != null) {
      measuring.get().cancel();
    }
  }

  private void chosen() {
    if (!settling && place.get() != null && multiple.get() != null) {
      refuseChoice("");
      both.set(true);
      take(
          place.get().target().isEmpty()
              ? Destination.ANYWHERE
              : new Destination(place.get().target(), multiple.get()));
    }
  }

  private void refuseChoice(String reason) {
    choiceRefusal = reason;
    tellRefusal();
  }

  private void tellRefusal() {
    refusal.set(choiceRefusal.isEmpty() ? runRefusal : choiceRefusal);
  }

  /** Whether the shown run, which never changes, can go there is asked in the background. */
  private void askForRun() {
    runRefusal = "";
    tellRefusal();
    String target = session.destination().get().target();
    if (target.isEmpty() || !(session.shown().get() instanceof Shown.OfRun shown)) {
      return;
    }
    Run run = shown.run();
    follower.ask(
        () -> workbench.exportRefusals(run).getOrDefault(target, ""),
        reason -> {
          if (shown.equals(session.shown().get())
              && target.equals(session.destination().get().target())) {
            runRefusal =
                reason.isEmpty() ? "" : messages.text("destination.run", run.name(), reason);
            tellRefusal();
          }
        });
  }

  /** Grants what the draft wishes for, after undoing, or when another draft was opened. */
  private void follow(Destination wished) {
    if (!wished.equals(asked) && !wished.equals(session.destination().get())) {
      refuseChoice("");
      take(wished);
    }
  }

  private void take(Destination wanted) {
    asked = wanted;
    Analysis analysis = session.analysis().get();
    if (analysis == null) {
      grant(wanted);
      refresh();
      return;
    }
    follower.ask(
        () -> constrain(analysis, wanted),
        answer -> {
          if (!wanted.equals(asked)) {
            return; // Another place was wished for meanwhile.
          }
          if (session.analysis().get() != analysis) {
            take(wanted); // Another analysis was made meanwhile.
          } else if (answer.analysis().isPresent()) {
            grant(wanted);
            session.analysed(answer.analysis().get());
          } else {
            asked = session.destination().get();
            refuseChoice(answer.refusal());
            settle(session.destination().get());
          }
        });
  }

  private void grant(Destination wanted) {
    session.destination().set(wanted);
    if (!wanted.equals(draft.state().get().destination())) {
      draft.runOn(wanted, place.get().title());
    }
  }

  private Answer constrain(Analysis analysis, Destination wanted) {
    try {
      return new Answer(Optional.of(workbench.constrain(analysis, wanted)), "");
    } catch (EspalierException refused) {
      return new Answer(Optional.empty(), refused.getMessage());
    }
  }

  /** Shows the choice that stands. */
  private void settle(Destination standing) {
    asked = standing;
    settling = true;
    places.stream()
        .filter(known -> known.target().equals(standing.target()))
        .findFirst()
        .ifPresent(place::set);
    multiple.set(standing.channelMultiple());
    settling = false;
    refresh();
  }

  private void refresh() {
    Analysis analysis = session.analysis().get();
    words.set(describe(analysis));
    comparable.set(draft.free().filter(free -> !free.equals(draft.allocation().get())).isPresent());
    cost.set(
        analysis == null
                || analysis.constraint().isNone()
                || draft.allocation().get() == null
                || draft.refusal().get() != null
            ? Cost.NONE
            : cost(analysis, draft.allocation().get()));
    showBoth(analysis);
  }

  private String describe(Analysis analysis) {
    if (session.destination().get().isAnywhere()) {
      return "";
    }
    if (analysis == null) {
      return messages.text("destination.later");
    }
    String asked = analysis.constraint().words();
    if (asked.isEmpty()) {
      return messages.text("destination.takesAny");
    }
    String remark = remark(analysis);
    return remark.contains(asked) ? remark : messages.text("destination.takes", asked);
  }

  /** What the draft reaches where its steps are too coarse for the target. */
  private String remark(Analysis analysis) {
    return draft.allocation().get() == null || draft.refusal().get() != null
        ? ""
        : analysis.remark(draft.state().get().target(), draft.allocation().get()).orElse("");
  }

  private Cost cost(Analysis analysis, Allocation kept) {
    Optional<ConstraintCost> known =
        Optional.ofNullable(measured.get(Question.of(analysis, draft.state().get())));
    if (known.isPresent()) {
      double with = known.get().constrainedPerplexity();
      double without = known.get().freePerplexity();
      return new Cost(
          messages.text(
              "destination.measured",
              Figures.perplexity(with),
              Figures.perplexity(without),
              100 * (with / without - 1)),
          (messages.text("destination.measuredNote", known.get().protocol())
                  + " "
                  + remark(analysis))
              .strip(),
          false);
    }
    if (draft.free().isEmpty()) {
      return new Cost(messages.text("destination.onlyHere"), "", false);
    }
    if (draft.free().get().equals(kept)) {
      return new Cost(messages.text("destination.nothing"), "", false);
    }
    OptionalDouble predicted = prediction.factor(kept, draft.free().get());
    return predicted.isPresent()
        ? new Cost(messages.text("destination.predicted", predicted.getAsDouble()), "", true)
        : new Cost(messages.text("destination.unmeasured"), "", true);
  }

  /** Lays the draft without the constraint over the one with it, or takes it away. */
  private void showBoth(Analysis analysis) {
    Optional<Overlay> wanted =
        analysis != null && both.get() && session.shown().get() instanceof Shown.Draft
            ? draft
                .free()
                .filter(free -> !analysis.constraint().isNone())
                .filter(free -> !free.equals(draft.allocation().get()))
                .map(free -> new Overlay(messages.text("destination.without"), free))
            : Optional.empty();
    boolean ours = overlay.get().equals(shownOverlay);
    if (wanted.equals(shownOverlay) || (!ours && overlay.get().isPresent())) {
      return;
    }
    shownOverlay = wanted;
    overlay.set(wanted);
  }

  /** A comparison that a person chose takes the place of this one. */
  private void compared(Optional<Overlay> chosen) {
    if (!chosen.equals(shownOverlay)) {
      shownOverlay = Optional.empty();
      both.set(false);
    }
  }
}
