package org.espalier.ui.heatmap;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.pruning.SliderAnswer;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.RankedScores;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.allocation.Draft;
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
  private Optional<RankedScores> scores = Optional.empty();

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
    refresh();
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
      which = units(subLayer.kind(), unit, unit + 1);
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
    return isEditable() ? keeps + " · " + hold(subLayer) : keeps;
  }

  /** Free, hand-set or locked, in words. */
  public String hold(SubLayer subLayer) {
    return messages.text(
        picture
            .get()
            .locks()
            .of(subLayer)
            .map(hold -> hold.editable() ? "hold.handSet" : "hold.locked")
            .orElse("hold.free"));
  }

  private String units(SubLayerKind kind, int from, int to) {
    return to - from == 1
        ? messages.text("hover.unit." + kind, from)
        : messages.text("hover.unitRange." + kind, from, to - 1);
  }

  private void rank(Analysis analysis) {
    scores = Optional.empty();
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
    if (checkpoint == null) {
      picture.set(null);
      title.set(messages.text("heatmap.nothing"));
      note.set("");
      return;
    }
    PrunableModel model = checkpoint.model();
    Allocation kept = Allocation.dense(model);
    Locks locks = Locks.NONE;
    Optional<Run> run = session.shownRun();
    if (run.isPresent()) {
      title.set(messages.text("heatmap.run", run.get().name()));
      if (session.belongsHere(run.get())) {
        kept = run.get().allocation();
        locks = run.get().locks();
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
        kept = draft.allocation().get();
        locks = draft.state().get().locks();
      }
    }
    picture.set(new EspalierPicture(model, scores, kept, locks, order.get(), normalisation.get()));
  }

  private String runNote(Run run) {
    Analysis analysis = session.analysis().get();
    return analysis == null || analysis.method().name().equals(run.method())
        ? messages.text("heatmap.runNote")
        : messages.text("heatmap.runOtherScores", run.method(), analysis.method().title());
  }

  private String draftTitle() {
    Analysis analysis = session.analysis().get();
    return analysis == null
        ? messages.text("heatmap.unmeasured")
        : messages.text(
            "heatmap.draft",
            draft.title(),
            analysis.method().title(),
            Figures.percent(draft.state().get().target().ratio()),
            messages.text("ratio.of." + draft.state().get().target().of()));
  }

  private String draftNote() {
    Analysis analysis = session.analysis().get();
    if (analysis == null) {
      return messages.text("heatmap.unmeasuredNote");
    }
    SliderAnswer answer = analysis.method().sliderAnswer();
    return answer == SliderAnswer.INSTANT
        ? messages.text("heatmap.order." + order.get().name().toLowerCase(Locale.ROOT))
        : messages.text("heatmap.answer." + answer.name().toLowerCase(Locale.ROOT));
  }

  /** The hold of a sub-layer in the picture. */
  public Optional<Hold> holdOf(SubLayer subLayer) {
    return picture.get() == null ? Optional.empty() : picture.get().locks().of(subLayer);
  }
}
