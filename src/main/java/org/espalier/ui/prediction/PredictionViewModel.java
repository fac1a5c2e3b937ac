package org.espalier.ui.prediction;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.MeasuredCorrection;
import org.espalier.allocation.Sensitivity;
import org.espalier.allocation.Surrogate;
import org.espalier.report.heatmap.SubLayerColumn;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.DraftState;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.charts.ProtocolWords;
import org.espalier.ui.heatmap.SubLayerCosts;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Allocators;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.AnalysisRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.SensitivityOutlook;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

/**
 * What the shown allocation will do to perplexity, and what the next cut of each sub-layer would
 * cost. Prices are measured once in the background; measured runs correct them.
 */
public final class PredictionViewModel {
  /** How far measuring has come. */
  public enum Stage {
    /** Nothing is analysed. */
    NOTHING,
    /** It is being looked up whether prices are known. */
    LOOKING,
    /** Prices could be measured. */
    UNMEASURED,
    MEASURING,
    MEASURED,
    /** This method has no prices. */
    UNFITTED
  }

  /**
   * What is shown.
   *
   * @param headline the prediction, or what there is instead
   * @param note what it rests on
   */
  public record Words(String headline, String note) {}

  private final Workbench workbench;
  private final Session session;
  private final Draft draft;
  private final JobFollower follower;
  private final Messages messages;
  private final MeasuredRuns measuredRuns;
  private final ReadOnlyObjectWrapper<Stage> stage = new ReadOnlyObjectWrapper<>(Stage.NOTHING);
  private final ReadOnlyObjectWrapper<Words> words = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<Map<SubLayer, Double>> prices =
      new ReadOnlyObjectWrapper<>(Map.of());
  private final ReadOnlyObjectWrapper<Optional<SubLayerColumn>> column =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<SubLayerCosts> costs = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyBooleanWrapper equalised = new ReadOnlyBooleanWrapper();
  private final ReadOnlyBooleanWrapper equalising = new ReadOnlyBooleanWrapper();
  private Optional<Surrogate> surrogate = Optional.empty();
  private Optional<MeasuredRuns.Correction> correction = Optional.empty();
  private Duration expected = Duration.ZERO;
  private String obstacle = "";
  private Job<Sensitivity> measuring;
  private boolean wanted;

  public PredictionViewModel(
      Workbench workbench,
      Session session,
      Draft draft,
      Measurements measurements,
      JobFollower follower,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.draft = draft;
    this.follower = follower;
    this.messages = messages;
    measuredRuns = new MeasuredRuns(session, measurements);
    session.analysis().addListener((property, before, after) -> analysed(before, after));
    session.shown().addListener((property, before, after) -> refresh());
    session.runs().addListener((ListChangeListener<Run>) change -> correct());
    measurements.live().addListener((property, before, after) -> correct());
    draft.allocation().addListener((property, before, after) -> refresh());
    draft.state().addListener((property, before, after) -> edited(before, after));
    refresh();
  }

  public ReadOnlyObjectProperty<Stage> stage() {
    return stage.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Words> words() {
    return words.getReadOnlyProperty();
  }

  /**
   * Predicted change of log-perplexity for a million parameters at the cut line of each sub-layer;
   * without those where nothing is left or nothing was measured.
   */
  public ReadOnlyObjectProperty<Map<SubLayer, Double>> prices() {
    return prices.getReadOnlyProperty();
  }

  /** {@link #prices} as a column of the espalier; empty where there are none. */
  public ReadOnlyObjectProperty<Optional<SubLayerColumn>> column() {
    return column.getReadOnlyProperty();
  }

  /** What every cut of a sub-layer would cost, for its view in large. */
  public ReadOnlyObjectProperty<SubLayerCosts> costs() {
    return costs.getReadOnlyProperty();
  }

  /** True while the draft is solved by equal prices instead of the method's own rule. */
  public ReadOnlyBooleanProperty equalised() {
    return equalised.getReadOnlyProperty();
  }

  /** True while {@link #equalise} is on its way. */
  public ReadOnlyBooleanProperty equalising() {
    return equalising.getReadOnlyProperty();
  }

  /**
   * What an allocation is predicted to do to perplexity, as a factor of another's; empty where
   * nothing was measured or one of them lies outside of it.
   */
  public OptionalDouble factor(Allocation allocation, Allocation other) {
    if (surrogate.isEmpty()) {
      return OptionalDouble.empty();
    }
    OptionalDouble one = surrogate.get().change(allocation);
    OptionalDouble two = surrogate.get().change(other);
    return one.isPresent() && two.isPresent()
        ? OptionalDouble.of(Math.exp(one.getAsDouble() - two.getAsDouble()))
        : OptionalDouble.empty();
  }

  /** Measures prices in the background. */
  public void measure() {
    Analysis analysis = session.analysis().get();
    if (analysis == null || stage.get() != Stage.UNMEASURED) {
      return;
    }
    stage.set(Stage.MEASURING);
    refresh();
    Job<Sensitivity> job = workbench.measureSensitivity(analysis);
    measuring = job;
    follower
        .unfinished()
        .track(
            job,
            new UnfinishedJob.Pricing(
                job.snapshot().title(),
                session.place(),
                MethodViewModel.saved(analysis.request())));
    follower.follow(
        job,
        sensitivity -> take(analysis, sensitivity),
        () -> {
          if (measuring == job) {
            measuring = null;
            if (stage.get() == Stage.MEASURING) {
              stage.set(Stage.UNMEASURED);
              refresh();
            }
          }
        });
  }

  /** Goes on with measuring that was stopped, for the analysis that it was asked for. */
  public void goOn(UnfinishedJob.Pricing stopped) {
    AnalysisRequest request = MethodViewModel.request(stopped.analysed());
    Analysis present = session.analysis().get();
    if (present != null && present.request().choosesUnitsAs(request)) {
      measureOnceKnown();
    } else {
      follower.follow(
          workbench.analyse(session.checkpoint().get(), request),
          analysis -> {
            session.analysed(analysis);
            measureOnceKnown();
          });
    }
  }

  /** Measures prices unless they turn out to be known. */
  private void measureOnceKnown() {
    wanted = stage.get() == Stage.LOOKING;
    measure();
  }

  /** Stops measuring; what was measured is kept for the next time. */
  public void cancel() {
    if (measuring != null) {
      measuring.cancel();
    }
  }

  /** Solves the draft by equal prices, or by the method's own rule again; that can be undone. */
  public void equalise(boolean wanted) {
    if (session.analysis().get() == null || wanted == equalised.get() || surrogate.isEmpty()) {
      return;
    }
    draft.allocateBy(wanted ? Allocators.PRICE : Allocators.OWN);
    followDraft();
  }

  private void edited(DraftState before, DraftState after) {
    if (!before.allocator().equals(after.allocator())) {
      followDraft();
    }
    refresh();
  }

  /** Makes the analysis that the draft's allocator asks for, where prices are known. */
  private void followDraft() {
    Analysis analysis = session.analysis().get();
    String wanted = draft.state().get().allocator();
    if (analysis == null
        || equalising.get()
        || surrogate.isEmpty()
        || wanted.equals(analysis.request().allocator())) {
      return;
    }
    equalising.set(true);
    follower.follow(
        workbench.analyse(analysis.checkpoint(), analysis.request().allocating(wanted)),
        solved -> {
          // Another analysis may have been made meanwhile; it stands.
          if (session.analysis().get() == analysis) {
            session.analysed(solved);
          }
        },
        () -> {
          equalising.set(false);
          if (!wanted.equals(draft.state().get().allocator())) {
            followDraft();
          }
        });
  }

  private void analysed(Analysis before, Analysis after) {
    equalised.set(after != null && after.request().allocator().equals(Allocators.PRICE));
    if (before != null && isShown(before) && stage.get() != Stage.NOTHING) {
      // The same units are chosen, so that the same prices hold or are on their way.
      correct();
      followDraft();
      return;
    }
    cancel();
    wanted = false;
    surrogate = Optional.empty();
    stage.set(after == null ? Stage.NOTHING : Stage.LOOKING);
    correct();
    if (after != null) {
      follower.follow(
          workbench.expectSensitivity(after),
          outlook -> take(after, outlook),
          () -> {
            if (stage.get() == Stage.LOOKING && isShown(after)) {
              stage.set(Stage.NOTHING);
              refresh();
            }
          });
    }
  }

  /** Whether the prices of an analysis hold for the present one. */
  private boolean isShown(Analysis asked) {
    Analysis present = session.analysis().get();
    return present != null
        && present.checkpoint().id() == asked.checkpoint().id()
        && present.request().choosesUnitsAs(asked.request());
  }

  private void take(Analysis analysis, SensitivityOutlook outlook) {
    if (!isShown(analysis)) {
      return;
    }
    if (outlook.known().isPresent()) {
      take(analysis, outlook.known().get());
      return;
    }
    expected = outlook.expected();
    obstacle = outlook.obstacle().orElse("");
    stage.set(outlook.obstacle().isPresent() ? Stage.UNFITTED : Stage.UNMEASURED);
    refresh();
    if (wanted) {
      wanted = false;
      measure();
    }
  }

  private void take(Analysis analysis, Sensitivity sensitivity) {
    if (isShown(analysis)) {
      surrogate = Optional.of(new Surrogate(analysis.checkpoint().model(), sensitivity));
      stage.set(Stage.MEASURED);
      correct();
      followDraft();
    }
  }

  private void correct() {
    Analysis analysis = session.analysis().get();
    correction =
        analysis == null
            ? Optional.empty()
            : surrogate.flatMap(known -> measuredRuns.correction(analysis, known));
    refresh();
  }

  private void refresh() {
    Optional<Allocation> shown = shownAllocation();
    prices.set(
        surrogate.isPresent() && shown.isPresent()
            ? prices(surrogate.get(), shown.get())
            : Map.of());
    column.set(prices.get().isEmpty() ? Optional.empty() : Optional.of(asColumn(prices.get())));
    costs.set(costs(surrogate, shown));
    words.set(
        switch (stage.get()) {
          case NOTHING -> new Words(messages.text("prediction.nothing"), "");
          case LOOKING -> new Words(messages.text("prediction.looking"), "");
          case UNFITTED -> new Words(messages.text("prediction.silent"), obstacle);
          case UNMEASURED ->
              new Words(
                  messages.text("prediction.unmeasured"),
                  messages.text(
                      "prediction.expected",
                      Figures.duration(
                          expected.compareTo(Duration.ofSeconds(1)) < 0
                              ? Duration.ofSeconds(1)
                              : expected)));
          case MEASURING ->
              new Words(messages.text("prediction.measuring"), messages.text("prediction.inJobs"));
          case MEASURED -> shown.map(this::describe).orElseGet(this::silent);
        });
  }

  private SubLayerCosts costs(Optional<Surrogate> known, Optional<Allocation> allocation) {
    return new SubLayerCosts(
        subLayer -> known.flatMap(some -> allocation.flatMap(kept -> some.cost(kept, subLayer))),
        switch (stage.get()) {
          case NOTHING -> messages.text("prediction.nothing");
          case LOOKING -> messages.text("prediction.looking");
          case UNFITTED -> obstacle;
          case UNMEASURED -> messages.text("prediction.costUnmeasured");
          case MEASURING -> messages.text("prediction.measuring");
          case MEASURED -> messages.text("prediction.notFitted");
        });
  }

  private Map<SubLayer, Double> prices(Surrogate known, Allocation allocation) {
    Map<SubLayer, Double> all = new HashMap<>();
    for (SubLayer subLayer : session.analysis().get().checkpoint().model().subLayers()) {
      known.price(allocation, subLayer).ifPresent(price -> all.put(subLayer, price));
    }
    return all;
  }

  private SubLayerColumn asColumn(Map<SubLayer, Double> all) {
    double dearest = all.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    Map<SubLayer, SubLayerColumn.Cell> cells = new HashMap<>();
    all.forEach(
        (subLayer, price) ->
            cells.put(
                subLayer,
                new SubLayerColumn.Cell(
                    Figures.thousandths(price), dearest > 0 ? Math.max(0, price / dearest) : 0)));
    return new SubLayerColumn(
        messages.text("prediction.price"), messages.text("prediction.priceExplained"), cells);
  }

  /** What is shown, where the prices speak of it. */
  private Optional<Allocation> shownAllocation() {
    Analysis analysis = session.analysis().get();
    if (analysis == null) {
      return Optional.empty();
    }
    if (session.shown().get() instanceof Shown.Dense) {
      return Optional.of(Allocation.dense(analysis.checkpoint().model()));
    }
    if (session.shownRun().isPresent()) {
      return session
          .shownRun()
          .filter(session::belongsHere)
          .filter(run -> MeasuredRuns.isOf(run, analysis))
          .map(Run::allocation);
    }
    // Units picked by hand are not those that were measured.
    return draft.state().get().locks().picked().isEmpty()
        ? Optional.ofNullable(draft.allocation().get())
        : Optional.empty();
  }

  private Words silent() {
    return new Words(messages.text("prediction.silent"), messages.text("prediction.notFitted"));
  }

  private Words describe(Allocation allocation) {
    OptionalDouble change = surrogate.orElseThrow().change(allocation);
    if (change.isEmpty()) {
      return silent();
    }
    if (correction.isEmpty()) {
      return new Words(
          messages.text("prediction.factor", Math.exp(change.getAsDouble())),
          messages.text("prediction.rankingOnly", 0, MeasuredCorrection.ENOUGH_RUNS));
    }
    MeasuredCorrection.Prediction prediction =
        correction.get().line().predict(change.getAsDouble());
    String protocol = new ProtocolWords(messages).of(correction.get().protocol());
    if (prediction.factor().isEmpty()) {
      return new Words(
          messages.text("prediction.about", Figures.perplexity(prediction.perplexity())),
          messages.text("prediction.rankingOnly", prediction.runs(), MeasuredCorrection.ENOUGH_RUNS)
              + " "
              + protocol);
    }
    double factor = prediction.factor().getAsDouble();
    return new Words(
        messages.text(
            "prediction.between",
            Figures.perplexity(prediction.perplexity()),
            Figures.perplexity(prediction.perplexity() / factor),
            Figures.perplexity(prediction.perplexity() * factor)),
        messages.text("prediction.band", prediction.runs()) + " " + protocol);
  }
}
