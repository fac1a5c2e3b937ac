package org.espalier.ui.heatmap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import org.espalier.allocation.Bounds;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.pruning.SliderAnswer;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.Overlay;
import org.espalier.report.heatmap.RankedScores;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.report.heatmap.SubLayerColumn;
import org.espalier.report.heatmap.SubLayerState;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
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
  /** One colour strip of the legend, with the scores at its ends. */
  public record LegendEntry(String label, String low, String high) {}

  private final Session session;
  private final Draft draft;
  private final UiExecutor executor;
  private final Messages messages;
  private final ObjectProperty<UnitOrder> order = new SimpleObjectProperty<>(UnitOrder.BY_SCORE);
  private final ObjectProperty<Normalisation> normalisation =
      new SimpleObjectProperty<>(Normalisation.PER_KIND);
  private final ReadOnlyObjectWrapper<EspalierPicture> picture = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper("");
  private final RowSelection selection = new RowSelection();
  private final ObservableList<SubLayerColumn> moreColumns = FXCollections.observableArrayList();
  private final ObjectProperty<Optional<Overlay>> overlay =
      new SimpleObjectProperty<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<Integer>> enlarged =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private Optional<RankedScores> scores = Optional.empty();
  private Map<SubLayer, HandPicked> pickedInScores = Map.of();
  private Optional<RankedScores> scoresWithPicked = Optional.empty();
  private Optional<Analysis> described = Optional.empty();
  private List<SubLayerColumn> methodColumns = List.of();
  private Map<SubLayer, Bounds> bounds = Map.of();

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
      draft.setKept(subLayer, picture.get().kept().kept(subLayer) + step);
    }
  }

  private Collection<SubLayer> acting(SubLayer subLayer) {
    return selection.contains(subLayer) ? selection.chosen().get() : Set.of(subLayer);
  }

  /** How many sub-layers are selected and what they keep together, in words; empty for none. */
  public String describeSelection() {
    EspalierPicture shown = picture.get();
    Set<SubLayer> chosen = selection.chosen().get();
    if (shown == null || chosen.isEmpty()) {
      return "";
    }
    double parameters = 0;
    double stay = 0;
    for (SubLayer subLayer : chosen) {
      double each = shown.model().parametersPerUnit(subLayer);
      parameters += shown.model().units(subLayer) * each;
      stay += shown.kept().kept(subLayer) * each;
    }
    return messages.text(
        "selection.chosen",
        chosen.size(),
        Figures.percent(parameters == 0 ? 0 : stay / parameters));
  }

  /** What the mark or the column under the pointer means; empty where words would only disturb. */
  public String explain(EspalierLayout.Hit hit) {
    EspalierPicture shown = picture.get();
    if (shown == null) {
      return "";
    }
    return switch (hit.part()) {
      case PADLOCK -> isEditable() ? explainState(hit.subLayer()) : "";
      case COLUMN -> explainColumn(hit.column());
      case NUMBER, KEPT, UNITS -> "";
    };
  }

  private String explainState(SubLayer subLayer) {
    EspalierPicture shown = picture.get();
    SubLayerState state = shown.state(subLayer);
    return state == SubLayerState.CONSTRAINED
        ? messages.text(
            "state.CONSTRAINED",
            shown.bounds().get(subLayer).leastKept(),
            shown.bounds().get(subLayer).reason())
        : messages.text("state." + state);
  }

  /** What a column shows; empty for no column. */
  public String explainColumn(int column) {
    List<SubLayerColumn> columns = picture.get().columns();
    return column < 0 || column >= columns.size() ? "" : columns.get(column).explanation();
  }

  /** A figure of a column in words. */
  public String describeColumn(SubLayer subLayer, int column) {
    SubLayerColumn shown = picture.get().columns().get(column);
    return messages.text(
        "hover.column",
        messages.text("subLayer." + subLayer.kind(), subLayer.block()),
        shown.title(),
        shown.of(subLayer).map(SubLayerColumn.Cell::text).orElse("–"));
  }

  /** Null before a checkpoint is open. */
  public ReadOnlyObjectProperty<EspalierPicture> picture() {
    return picture.getReadOnlyProperty();
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

  /**
   * Unit, score, rank, parameters and fate of the units in positions {@code from} to {@code to}
   * (exclusive) of a row.
   */
  public String describe(SubLayer subLayer, int from, int to) {
    EspalierPicture shown = picture.get();
    if (shown == null) {
      return "";
    }
    String parameters =
        messages.text("hover.parameters", shown.model().parametersPerUnit(subLayer));
    if (shown.scores().isPresent() && !shown.hasUnitScores(subLayer)) {
      return String.join(
          " · ",
          describe(subLayer),
          messages.text(
              "hover.wholeScore", ScoreFormat.format(shown.scores().get().score(subLayer, 0))));
    }
    if (shown.scores().isEmpty()) {
      return String.join(
          " · ",
          messages.text("hover.block", subLayer.block()),
          units(subLayer.kind(), from, to),
          parameters);
    }
    RankedScores ranked = shown.scores().get();
    boolean byScore = shown.order() == UnitOrder.BY_SCORE;
    int units = ranked.units(subLayer);
    int kept = shown.kept().kept(subLayer);
    String which;
    String rank;
    if (to - from == 1) {
      int unit = byScore ? ranked.unitAtRank(subLayer, from) : from;
      which = units(subLayer.kind(), unit, unit + 1) + byHand(shown, subLayer, unit);
      rank = messages.text("hover.rank", ranked.rank(subLayer, unit) + 1, units);
    } else if (byScore) {
      which = messages.text("hover.units." + subLayer.kind(), to - from);
      rank = messages.text("hover.ranks", from + 1, to, units);
    } else {
      which = units(subLayer.kind(), from, to);
      rank = "";
    }
    int keptHere = 0;
    for (int position = from; position < to; position++) {
      if ((byScore ? position : ranked.rank(subLayer, position)) < kept) {
        keptHere++;
      }
    }
    String fate =
        keptHere == to - from
            ? messages.text("hover.kept")
            : keptHere == 0
                ? messages.text("hover.removed")
                : messages.text("hover.partly", keptHere, to - from);
    String score =
        messages.text(
            to - from == 1 ? "hover.score" : "hover.meanScore",
            ScoreFormat.format(ranked.mean(subLayer, shown.order(), from, to)));
    return String.join(
        " · ",
        rank.isEmpty()
            ? new String[] {
              messages.text("hover.block", subLayer.block()), which, score, parameters, fate
            }
            : new String[] {
              messages.text("hover.block", subLayer.block()), which, score, rank, parameters, fate
            });
  }

  /** Which colours mean which scores; empty before there are scores. */
  public List<LegendEntry> legend() {
    if (scores.isEmpty()) {
      return List.of();
    }
    RankedScores ranked = scores.get();
    return switch (normalisation.get()) {
      case PER_BLOCK ->
          List.of(
              new LegendEntry(
                  messages.text("legend.perBlock"),
                  messages.text("legend.lowest"),
                  messages.text("legend.highest")));
      case PER_KIND ->
          List.of(
              entry(
                  "legend.headGroups", ranked.range(SubLayer.attention(0), Normalisation.PER_KIND)),
              entry(
                  "legend.channels",
                  ranked.range(SubLayer.feedForward(0), Normalisation.PER_KIND)));
      case GLOBAL ->
          List.of(
              entry("legend.global", ranked.range(SubLayer.attention(0), Normalisation.GLOBAL)));
    };
  }

  /** What the scores are. */
  public String statistic() {
    return scores.map(RankedScores::statistic).orElse("");
  }

  private LegendEntry entry(String key, RankedScores.Range range) {
    return new LegendEntry(
        messages.text(key), ScoreFormat.format(range.low()), ScoreFormat.format(range.high()));
  }

  /** How many units a sub-layer keeps and whether it is held, in words. */
  public String describe(SubLayer subLayer) {
    EspalierPicture shown = picture.get();
    if (shown == null) {
      return "";
    }
    int units = shown.model().units(subLayer);
    String keeps =
        messages.text("subLayer." + subLayer.kind(), subLayer.block())
            + " · "
            + messages.text("hover.keeps", shown.kept().kept(subLayer), units);
    String compared =
        shown
            .overlay()
            .map(
                other ->
                    " · "
                        + messages.text(
                            "hover.compared", other.name(), other.kept().kept(subLayer)))
            .orElse("");
    String proposed =
        shown
            .proposed()
            .filter(alone -> alone.kept(subLayer) != shown.kept().kept(subLayer))
            .map(alone -> " · " + messages.text("hover.proposed", alone.kept(subLayer)))
            .orElse("");
    HandPicked picked = shown.locks().pickedOf(subLayer);
    String byHand =
        picked.isEmpty()
            ? ""
            : " · " + messages.text("hover.picked", picked.kept().size(), picked.dropped().size());
    String all = keeps + byHand + proposed + compared;
    return isEditable() ? all + " · " + hold(subLayer) : all;
  }

  private String byHand(EspalierPicture shown, SubLayer subLayer, int unit) {
    HandPicked picked = shown.locks().pickedOf(subLayer);
    return picked.kept().contains(unit)
        ? " " + messages.text("hover.keptByHand")
        : picked.dropped().contains(unit) ? " " + messages.text("hover.droppedByHand") : "";
  }

  /** Free, held by the method, hand-set or locked, in words. */
  public String hold(SubLayer subLayer) {
    SubLayerState state = picture.get().state(subLayer);
    return messages.text("hold." + state);
  }

  private String units(SubLayerKind kind, int from, int to) {
    return to - from == 1
        ? messages.text("hover.unit." + kind, from)
        : messages.text("hover.unitRange." + kind, from, to - 1);
  }

  private void rank(Analysis analysis) {
    scores = Optional.empty();
    selection.clear();
    showAll();
    refresh();
    if (analysis != null) {
      executor.inBackground(
          () -> {
            RankedScores ranked = new RankedScores(analysis.importance());
            executor.onUi(
                () -> {
                  if (analysis.equals(session.analysis().get())) {
                    scores = Optional.of(ranked);
                    refresh();
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
      title.set(messages.text("heatmap.nothing"));
      note.set("");
      return;
    }
    PrunableModel model = checkpoint.model();
    Allocation shownKept = Allocation.dense(model);
    Locks shownLocks = Locks.NONE;
    Optional<Allocation> proposed = Optional.empty();
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
      }
    }
    Allocation kept = shownKept;
    Locks locks = shownLocks;
    List<SubLayerColumn> columns = new ArrayList<>(methodColumns);
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
            bounds,
            fits ? overlay.get() : Optional.empty(),
            proposed));
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

  /** What a method says once and for all: its view of sub-layers, and what it demands of them. */
  private void describeMethod() {
    Optional<Analysis> analysis = Optional.ofNullable(session.analysis().get());
    if (analysis.equals(described)) {
      return;
    }
    described = analysis;
    methodColumns = analysis.map(this::columns).orElse(List.of());
    Map<SubLayer, Bounds> demanded = new HashMap<>();
    analysis.ifPresent(
        measured -> {
          for (SubLayer subLayer : measured.checkpoint().model().subLayers()) {
            Bounds bound = measured.allocator().bounds(subLayer);
            if (bound.leastKept() > 0) {
              demanded.put(subLayer, bound);
            }
          }
        });
    bounds = demanded;
  }

  private List<SubLayerColumn> columns(Analysis analysis) {
    SubLayerScores judged = analysis.subLayers();
    if (judged.isEmpty()) {
      return List.of();
    }
    double highest =
        judged.scores().values().stream().mapToDouble(SubLayerScore::share).max().orElse(1);
    double dearest =
        judged.scores().values().stream().mapToDouble(SubLayerScore::costShare).max().orElse(1);
    Map<SubLayer, SubLayerColumn.Cell> scored = new HashMap<>();
    Map<SubLayer, SubLayerColumn.Cell> costs = new HashMap<>();
    judged
        .scores()
        .forEach(
            (subLayer, score) -> {
              scored.put(
                  subLayer,
                  new SubLayerColumn.Cell(
                      ScoreFormat.format(score.score()), score.share() / highest));
              costs.put(
                  subLayer,
                  new SubLayerColumn.Cell(
                      Figures.percent(score.costShare()), score.costShare() / dearest));
            });
    return List.of(
        new SubLayerColumn(
            messages.text("column.score"),
            messages.text("column.scoreExplained", judged.statistic()),
            scored),
        new SubLayerColumn(
            messages.text("column.cost"), messages.text("column.costExplained"), costs));
  }

  private String runNote(Run run) {
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
