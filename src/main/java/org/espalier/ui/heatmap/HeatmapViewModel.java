package org.espalier.ui.heatmap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.pruning.SliderAnswer;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.Overlay;
import org.espalier.report.heatmap.RankedScores;
import org.espalier.report.heatmap.SubLayerColumn;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.DraftState;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workspace.Run;

/** What the espalier shows and what its edits mean. */
public final class HeatmapViewModel {
  private final Session session;
  private final Draft draft;
  private final UiExecutor executor;
  private final Messages messages;
  private final ObjectProperty<UnitOrder> order = new SimpleObjectProperty<>(UnitOrder.BY_SCORE);
  private final ObjectProperty<Normalisation> normalisation =
      new SimpleObjectProperty<>(Normalisation.PER_KIND);
  private final ReadOnlyObjectWrapper<EspalierPicture> picture = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<Optional<ResidualStream>> stream =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper("");
  private final RowSelection selection = new RowSelection();
  private final ObservableList<SubLayerColumn> moreColumns = FXCollections.observableArrayList();
  private final ObjectProperty<Optional<Overlay>> overlay =
      new SimpleObjectProperty<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<Integer>> enlarged =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private OptionalInt enlargeLater = OptionalInt.empty();
  private Optional<RankedScores> scores = Optional.empty();
  private Optional<RankedScores> streamScores = Optional.empty();
  private Map<SubLayer, HandPicked> pickedInScores = Map.of();
  private Optional<RankedScores> scoresWithPicked = Optional.empty();
  private Optional<Analysis> described = Optional.empty();
  private MethodJudgement judgement = MethodJudgement.NONE;

  public HeatmapViewModel(Session session, Draft draft, UiExecutor executor, Messages messages) {
    this.session = session;
    this.draft = draft;
    this.executor = executor;
    this.messages = messages;
    session.checkpoint().addListener((property, before, after) -> refresh());
    session.analysis().addListener((property, before, after) -> rank(after));
    session.shown().addListener((property, before, after) -> refresh());
    draft.allocation().addListener((property, before, after) -> refresh());
    draft.state().addListener((property, before, after) -> refresh());
    order.addListener((property, before, after) -> refresh());
    normalisation.addListener((property, before, after) -> refresh());
    overlay.addListener((property, before, after) -> refresh());
    moreColumns.addListener((ListChangeListener<SubLayerColumn>) change -> refresh());
    refresh();
  }

  /** Sub-layers to act on together. */
  public RowSelection selection() {
    return selection;
  }

  /** Columns that other features add beside the kept shares. */
  public ObservableList<SubLayerColumn> moreColumns() {
    return moreColumns;
  }

  /** What is compared with the shown allocation. */
  public ObjectProperty<Optional<Overlay>> overlay() {
    return overlay;
  }

  /** Everything that can be compared with: snapshots, the draft, and runs of this checkpoint. */
  public List<Overlay> comparable() {
    if (session.checkpoint().get() == null) {
      return List.of();
    }
    List<Overlay> others = new ArrayList<>();
    if (draft.allocation().get() != null && !(session.shown().get() instanceof Shown.Draft)) {
      others.add(new Overlay(draft.name(), draft.allocation().get()));
    }
    draft
        .snapshots()
        .forEach(snapshot -> others.add(new Overlay(snapshot.name(), snapshot.allocation())));
    session.runs().stream()
        .filter(session::belongsHere)
        .filter(run -> session.shownRun().map(Run::id).filter(run.id()::equals).isEmpty())
        .forEach(run -> others.add(new Overlay(run.name(), run.allocation())));
    return others;
  }

  /** The block that is shown large instead of all rows; empty for all rows. */
  public ReadOnlyObjectProperty<Optional<Integer>> enlarged() {
    return enlarged.getReadOnlyProperty();
  }

  /** Shows one block large. */
  public void enlarge(int block) {
    EspalierPicture shown = picture.get();
    if (shown != null && shown.scores().isPresent()) {
      int last = shown.model().blocks().size() - 1;
      enlarged.set(Optional.of(Math.max(0, Math.min(last, block))));
    }
  }

  /** As {@link #enlarge}, at once or as soon as there are scores. */
  public void enlargeOnceRanked(int block) {
    enlarge(block);
    enlargeLater = enlarged.get().isPresent() ? OptionalInt.empty() : OptionalInt.of(block);
  }

  /** Shows all rows again. */
  public void showAll() {
    enlarged.set(Optional.empty());
  }

  /** Locks or frees the selection if the sub-layer is in it, else the sub-layer alone. */
  public void toggleLocks(SubLayer subLayer) {
    draft.toggleLocks(acting(subLayer));
  }

  /** As {@link #toggleLocks}: releases. */
  public void release(SubLayer subLayer) {
    draft.release(acting(subLayer));
  }

  /** As {@link #toggleLocks}: resets. */
  public void reset(SubLayer subLayer) {
    draft.reset(acting(subLayer));
  }

  /** Sets all of the selection to one share. */
  public void evenOut() {
    draft.evenOut(selection.chosen().get());
  }

  /** Sets what a sub-layer keeps; a selection that holds it follows with the same share. */
  public void setKept(SubLayer subLayer, int kept) {
    int units = picture.get().model().units(subLayer);
    Collection<SubLayer> acting = acting(subLayer);
    if (acting.size() > 1 && units > 0) {
      draft.setKeptShare(acting, (double) Math.max(0, Math.min(units, kept)) / units);
    } else {
      draft.setKept(subLayer, kept);
    }
  }

  /** Keeps one unit more or less, or a twentieth of them; a selection that holds it follows. */
  public void change(SubLayer subLayer, boolean more, boolean far) {
    int units = picture.get().model().units(subLayer);
    int step = (far ? Math.max(1, units / 20) : 1) * (more ? 1 : -1);
    Collection<SubLayer> acting = acting(subLayer);
    if (acting.size() > 1) {
      draft.changeKept(acting, (double) step / Math.max(1, units));
    } else {
      draft.stepKept(subLayer, step);
    }
  }

  private Collection<SubLayer> acting(SubLayer subLayer) {
    return selection.contains(subLayer) ? selection.chosen().get() : Set.of(subLayer);
  }

  /** Null before a checkpoint is open. */
  public ReadOnlyObjectProperty<EspalierPicture> picture() {
    return picture.getReadOnlyProperty();
  }

  /** The channels of the residual stream, where those go instead of units. */
  public ReadOnlyObjectProperty<Optional<ResidualStream>> stream() {
    return stream.getReadOnlyProperty();
  }

  public ObjectProperty<UnitOrder> order() {
    return order;
  }

  public ObjectProperty<Normalisation> normalisation() {
    return normalisation;
  }

  /** Says whether a draft, a run or the dense model is shown. */
  public ReadOnlyStringProperty title() {
    return title.getReadOnlyProperty();
  }

  /** How to read what is shown. */
  public ReadOnlyStringProperty note() {
    return note.getReadOnlyProperty();
  }

  public Draft draft() {
    return draft;
  }

  /** True when rows answer to edits. */
  public boolean isEditable() {
    return draft.allocation().get() != null;
  }

  /** As {@link PictureWords#units}; empty before a checkpoint is open. */
  public String describe(SubLayer subLayer, int from, int to) {
    return words().map(words -> words.units(subLayer, from, to)).orElse("");
  }

  /** As {@link PictureWords#subLayer}; empty before a checkpoint is open. */
  public String describe(SubLayer subLayer) {
    return words().map(words -> words.subLayer(subLayer)).orElse("");
  }

  /** As {@link PictureWords#selection}; empty for no selection. */
  public String describeSelection() {
    return words().map(words -> words.selection(selection.chosen().get())).orElse("");
  }

  /** As {@link PictureWords#explain}; empty before a checkpoint is open. */
  public String explain(EspalierLayout.Hit hit) {
    return words().map(words -> words.explain(hit)).orElse("");
  }

  /** As {@link PictureWords#explainColumn}. */
  public String explainColumn(int column) {
    return words().map(words -> words.explainColumn(column)).orElse("");
  }

  /** As {@link PictureWords#column}. */
  public String describeColumn(SubLayer subLayer, int column) {
    return words().map(words -> words.column(subLayer, column)).orElse("");
  }

  private Optional<PictureWords> words() {
    return Optional.ofNullable(picture.get())
        .map(shown -> new PictureWords(shown, isEditable(), messages));
  }

  /** Which colours mean which scores; empty before there are scores. */
  public List<ColourLegend.Entry> legend() {
    return scores
        .map(ranked -> new ColourLegend(ranked, messages).entries(normalisation.get()))
        .orElse(List.of());
  }

  /** What the scores are. */
  public String statistic() {
    return scores.map(RankedScores::statistic).orElse("");
  }

  private void rank(Analysis analysis) {
    scores = Optional.empty();
    streamScores = Optional.empty();
    selection.clear();
    showAll();
    refresh();
    if (analysis != null) {
      executor.inBackground(
          () -> {
            RankedScores ranked = new RankedScores(analysis.picturedImportance());
            Optional<RankedScores> rankedStream = analysis.hidden().map(ResidualStream::ranked);
            executor.onUi(
                () -> {
                  if (analysis.equals(session.analysis().get())) {
                    scores = Optional.of(ranked);
                    streamScores = rankedStream;
                    refresh();
                    enlargeLater.ifPresent(this::enlarge);
                    enlargeLater = OptionalInt.empty();
                  }
                });
          });
    }
  }

  private void refresh() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    describeMethod();
    if (checkpoint == null) {
      picture.set(null);
      stream.set(Optional.empty());
      title.set(messages.text("heatmap.nothing"));
      note.set("");
      return;
    }
    PrunableModel model = checkpoint.model();
    Allocation shownKept = Allocation.dense(model);
    Locks shownLocks = Locks.NONE;
    Optional<Allocation> proposed = Optional.empty();
    Optional<Allocation> free = Optional.empty();
    Optional<Run> run = session.shownRun();
    if (run.isPresent()) {
      title.set(messages.text("heatmap.run", run.get().name()));
      if (session.belongsHere(run.get())) {
        shownKept = run.get().allocation();
        shownLocks = run.get().locks();
        note.set(runNote(run.get()));
      } else {
        note.set(
            messages.text(
                "heatmap.foreignRun", run.get().checkpoint().getFileName(), checkpoint.name()));
      }
    } else if (session.shown().get() instanceof Shown.Dense) {
      title.set(messages.text("heatmap.dense", checkpoint.name()));
      note.set(messages.text("heatmap.denseNote"));
    } else {
      title.set(draftTitle());
      note.set(draftNote());
      if (draft.allocation().get() != null) {
        shownKept = draft.allocation().get();
        shownLocks = draft.state().get().locks();
        proposed = draft.proposal();
        free = draft.free();
      }
    }
    Allocation kept = shownKept;
    Locks locks = shownLocks;
    stream.set(ResidualStream.of(model, kept, streamScores, order.get()));
    boolean drafted =
        session.shown().get() instanceof Shown.Draft && draft.allocation().get() != null;
    List<SubLayerColumn> columns =
        judgement.columns(
            model,
            drafted
                ? Optional.of(draft.proposal().orElse(draft.allocation().get()))
                : Optional.empty(),
            messages);
    columns.addAll(moreColumns);
    boolean fits =
        overlay.get().filter(other -> other.kept().blocks() == kept.blocks()).isPresent();
    picture.set(
        new EspalierPicture(
            model,
            scores(locks),
            kept,
            locks,
            order.get(),
            normalisation.get(),
            columns,
            judgement.bounds(),
            fits ? overlay.get() : Optional.empty(),
            proposed,
            free));
  }

  /** Scores in the order in which units stay: those kept by hand first, those dropped last. */
  private Optional<RankedScores> scores(Locks locks) {
    if (scores.isEmpty() || locks.picked().isEmpty()) {
      return scores;
    }
    if (!locks.picked().equals(pickedInScores) || scoresWithPicked.isEmpty()) {
      pickedInScores = locks.picked();
      scoresWithPicked = scores.map(ranked -> ranked.with(locks.picked()));
    }
    return scoresWithPicked;
  }

  private void describeMethod() {
    Optional<Analysis> analysis = Optional.ofNullable(session.analysis().get());
    if (!analysis.equals(described)) {
      described = analysis;
      judgement =
          analysis
              .map(measured -> MethodJudgement.of(measured, messages))
              .orElse(MethodJudgement.NONE);
    }
  }

  private String runNote(Run run) {
    if (overlay.get().isPresent()) {
      return messages.text("heatmap.compared", overlay.get().get().name());
    }
    Analysis analysis = session.analysis().get();
    return analysis == null || analysis.method().name().equals(run.method())
        ? messages.text("heatmap.runNote")
        : messages.text("heatmap.runOtherScores", run.method(), analysis.method().title());
  }

  private String draftTitle() {
    Analysis analysis = session.analysis().get();
    DraftState state = draft.state().get();
    String ratio = Figures.percent(state.target().ratio());
    if (analysis == null) {
      return messages.text("heatmap.unmeasured");
    }
    return messages.text(
        "heatmap.draft",
        draft.title(),
        ratio,
        messages.text(
            (state.name().isEmpty() ? "ratio.of." : "ratio.short.") + state.target().of()));
  }

  private String draftNote() {
    Analysis analysis = session.analysis().get();
    if (analysis == null) {
      return messages.text("heatmap.unmeasuredNote");
    }
    SliderAnswer answer = analysis.method().sliderAnswer();
    Optional<String> remark =
        Optional.ofNullable(draft.allocation().get())
            .flatMap(kept -> analysis.remark(draft.state().get().target(), kept));
    if (remark.isPresent()) {
      return remark.get();
    }
    if (overlay.get().isPresent()) {
      return messages.text("heatmap.compared", overlay.get().get().name());
    }
    return answer == SliderAnswer.INSTANT
        ? messages.text(
            "heatmap.order." + order.get().name().toLowerCase(Locale.ROOT),
            analysis.method().title())
        : messages.text("heatmap.answer." + answer.name().toLowerCase(Locale.ROOT));
  }
}
