package org.espalier.ui.heatmap;

import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.espalier.allocation.HandPicked;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.report.heatmap.UnitPlot;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.allocation.Draft.Fate;
import org.espalier.ui.platform.Messages;
import org.espalier.workbench.Analysis;

/** One block large: its scores, and single units kept or dropped by hand. */
public final class BlockViewModel {
  /** A unit that stands to be kept or dropped. */
  public record Marked(SubLayer subLayer, int unit) {}

  private final HeatmapViewModel heatmap;
  private final ReadOnlyObjectProperty<Analysis> analysis;
  private final ReadOnlyObjectProperty<SubLayerCosts> costs;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<Optional<Marked>> marked =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  public BlockViewModel(
      HeatmapViewModel heatmap,
      ReadOnlyObjectProperty<Analysis> analysis,
      ReadOnlyObjectProperty<SubLayerCosts> costs,
      Messages messages) {
    this.heatmap = heatmap;
    this.analysis = analysis;
    this.costs = costs;
    this.messages = messages;
    heatmap.enlarged().addListener((property, before, after) -> marked.set(Optional.empty()));
  }

  HeatmapViewModel heatmap() {
    return heatmap;
  }

  /** Empty while all rows are shown. */
  public ReadOnlyObjectProperty<Optional<Integer>> block() {
    return heatmap.enlarged();
  }

  /** The unit that keys and buttons act on. */
  public ReadOnlyObjectProperty<Optional<Marked>> marked() {
    return marked.getReadOnlyProperty();
  }

  /** The shown block's sub-layer of a kind; empty while all rows are shown. */
  public Optional<SubLayer> subLayer(SubLayerKind kind) {
    return block().get().map(block -> new SubLayer(block, kind));
  }

  /** Shows the block after or before. */
  public void move(int blocks) {
    block().get().ifPresent(block -> heatmap.enlarge(block + blocks));
  }

  public void close() {
    heatmap.showAll();
  }

  /** Marks the unit at a position of the shown order. */
  public void markPosition(SubLayer subLayer, int position) {
    EspalierPicture picture = heatmap.picture().get();
    int units = picture.model().units(subLayer);
    if (units > 0) {
      int bounded = Math.max(0, Math.min(units - 1, position));
      mark(subLayer, new UnitPlot(picture, subLayer).unitAt(bounded));
    }
  }

  /** Marks a unit by its index; false if there is none. */
  public boolean mark(SubLayer subLayer, int unit) {
    boolean known = unit >= 0 && unit < heatmap.picture().get().model().units(subLayer);
    if (known) {
      marked.set(Optional.of(new Marked(subLayer, unit)));
    }
    return known;
  }

  /** Marks a unit by its typed index in the marked sub-layer, or among the channels. */
  public boolean mark(String typed) {
    Optional<SubLayer> target =
        marked.get().map(Marked::subLayer).or(() -> subLayer(SubLayerKind.FEED_FORWARD));
    try {
      return target.isPresent() && mark(target.get(), Integer.parseInt(typed.strip()));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Moves the mark by positions of the shown order. */
  public void moveMark(SubLayer subLayer, int positions) {
    int at =
        marked
            .get()
            .filter(unit -> unit.subLayer().equals(subLayer))
            .map(
                unit ->
                    new UnitPlot(heatmap.picture().get(), subLayer).positionOf(unit.unit())
                        + positions)
            .orElse(heatmap.picture().get().kept().kept(subLayer));
    markPosition(subLayer, at);
  }

  /** Keeps or drops the marked unit, or leaves it to its score. */
  public void decide(Fate fate) {
    marked.get().ifPresent(unit -> heatmap.draft().pick(unit.subLayer(), unit.unit(), fate));
  }

  /** What happens to the marked unit. */
  public Fate fate() {
    return marked
        .get()
        .map(unit -> heatmap.draft().fate(unit.subLayer(), unit.unit()))
        .orElse(Fate.BY_SCORE);
  }

  /** True where the marked unit answers to {@link #decide}. */
  public boolean isDecidable() {
    return heatmap.isEditable()
        && marked.get().filter(unit -> !heatmap.draft().isLocked(unit.subLayer())).isPresent();
  }

  /** The marked unit with score, rank and fate. */
  public String describeMarked() {
    EspalierPicture picture = heatmap.picture().get();
    return marked
        .get()
        .map(
            unit -> {
              UnitPlot plot = new UnitPlot(picture, unit.subLayer());
              Fate fate = heatmap.draft().fate(unit.subLayer(), unit.unit());
              return messages.text(
                  "block.marked",
                  messages.text("hover.unit." + unit.subLayer().kind(), unit.unit()),
                  ScoreFormat.format(plot.score(unit.unit())),
                  picture.scores().orElseThrow().rank(unit.subLayer(), unit.unit()) + 1,
                  plot.units(),
                  messages.text(
                      fate == Fate.BY_SCORE
                          ? plot.isKept(unit.unit()) ? "hover.kept" : "hover.removed"
                          : "block.fate." + fate));
            })
        .orElse(messages.text("block.nothingMarked"));
  }

  /** How many units a sub-layer keeps, and why. */
  public String title(SubLayer subLayer) {
    EspalierPicture picture = heatmap.picture().get();
    HandPicked picked = picture.locks().pickedOf(subLayer);
    String held =
        messages.text(
            picture.isFitted(subLayer)
                ? "block.state.FITTED"
                : "block.state." + picture.state(subLayer));
    String state =
        picked.isEmpty()
            ? held
            : held
                + " · "
                + messages.text("hover.picked", picked.kept().size(), picked.dropped().size());
    return messages.text(
        "block.keeps." + subLayer.kind(),
        picture.kept().kept(subLayer),
        picture.model().units(subLayer),
        state);
  }

  /** The numbers behind the curve. */
  public String numbers(SubLayer subLayer) {
    UnitPlot plot = new UnitPlot(heatmap.picture().get(), subLayer);
    if (!heatmap.picture().get().hasUnitScores(subLayer)) {
      return messages.text("block.oneScore", ScoreFormat.format(plot.low()));
    }
    return messages.text(
        "block.numbers",
        ScoreFormat.format(plot.low()),
        ScoreFormat.format(plot.median()),
        ScoreFormat.format(plot.high()),
        ScoreFormat.format(plot.meanKept()),
        ScoreFormat.format(plot.meanRemoved()),
        ScoreFormat.format(plot.threshold()));
  }

  /** What cutting the sub-layers costs; changes with what is shown and measured. */
  public ReadOnlyObjectProperty<SubLayerCosts> costs() {
    return costs;
  }

  /** What the present cut of a sub-layer is predicted to cost, or why that is not known. */
  public String cost(SubLayer subLayer) {
    int kept = heatmap.picture().get().kept().kept(subLayer);
    return costs
        .get()
        .of()
        .apply(subLayer)
        .map(cost -> cost.at(kept))
        .map(
            change ->
                change.isNaN()
                    ? messages.text("block.costBeyond")
                    : messages.text("block.cost", change))
        .orElse(costs.get().instead());
  }

  /** What the score is, and on which text it was measured. */
  public String source() {
    Analysis measured = analysis.get();
    if (measured == null) {
      return "";
    }
    return measured.calibration().isEmpty()
        ? messages.text("block.source", measured.method().title(), heatmap.statistic())
        : messages.text(
            "block.sourceMeasured",
            measured.method().title(),
            heatmap.statistic(),
            measured.calibration());
  }
}
