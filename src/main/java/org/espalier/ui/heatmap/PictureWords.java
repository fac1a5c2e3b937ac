package org.espalier.ui.heatmap;

import java.util.List;
import java.util.Set;
import org.espalier.allocation.HandPicked;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.RankedScores;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.report.heatmap.SubLayerColumn;
import org.espalier.report.heatmap.SubLayerState;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;

/**
 * What the espalier shows, in words: for the line below it, for tooltips and for screen readers.
 */
final class PictureWords {
  private final EspalierPicture picture;
  private final boolean editable;
  private final Messages messages;

  /**
   * @param editable whether rows answer to edits
   */
  PictureWords(EspalierPicture picture, boolean editable, Messages messages) {
    this.picture = picture;
    this.editable = editable;
    this.messages = messages;
  }

  /**
   * Unit, score, rank, parameters and fate of the units in positions {@code from} to {@code to}
   * (exclusive) of a row.
   */
  String units(SubLayer subLayer, int from, int to) {
    String parameters =
        messages.text("hover.parameters", picture.model().parametersPerUnit(subLayer));
    if (picture.scores().isPresent() && !picture.hasUnitScores(subLayer)) {
      return String.join(
          " · ",
          subLayer(subLayer),
          messages.text(
              "hover.wholeScore", ScoreFormat.format(picture.scores().get().score(subLayer, 0))));
    }
    if (picture.scores().isEmpty()) {
      return String.join(
          " · ",
          messages.text("hover.block", number(subLayer)),
          names(subLayer.kind(), from, to),
          parameters);
    }
    RankedScores ranked = picture.scores().get();
    boolean byScore = picture.order() == UnitOrder.BY_SCORE;
    int units = ranked.units(subLayer);
    int kept = picture.kept().kept(subLayer);
    String which;
    String rank;
    if (to - from == 1) {
      int unit = byScore ? ranked.unitAtRank(subLayer, from) : from;
      which = names(subLayer.kind(), unit, unit + 1) + byHand(subLayer, unit);
      rank = messages.text("hover.rank", ranked.rank(subLayer, unit) + 1, units);
    } else if (byScore) {
      which = messages.text("hover.units." + subLayer.kind(), to - from);
      rank = messages.text("hover.ranks", from + 1, to, units);
    } else {
      which = names(subLayer.kind(), from, to);
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
            ScoreFormat.format(ranked.mean(subLayer, picture.order(), from, to)));
    return String.join(
        " · ",
        rank.isEmpty()
            ? new String[] {
              messages.text("hover.block", number(subLayer)), which, score, fate, parameters
            }
            : new String[] {
              messages.text("hover.block", number(subLayer)), which, score, rank, fate, parameters
            });
  }

  private int number(SubLayer subLayer) {
    return picture.model().number(subLayer.block());
  }

  /** How many units a sub-layer keeps and whether it is held, in words. */
  String subLayer(SubLayer subLayer) {
    int units = picture.model().units(subLayer);
    String keeps =
        messages.text("subLayer." + subLayer.kind(), number(subLayer))
            + " · "
            + messages.text("hover.keeps", picture.kept().kept(subLayer), units);
    String compared =
        picture
            .overlay()
            .map(
                other ->
                    " · "
                        + messages.text(
                            "hover.compared", other.name(), other.kept().kept(subLayer)))
            .orElse("");
    String proposed =
        picture
            .proposed()
            .filter(alone -> alone.kept(subLayer) != picture.kept().kept(subLayer))
            .map(alone -> " · " + messages.text("hover.proposed", alone.kept(subLayer)))
            .orElse("");
    HandPicked picked = picture.locks().pickedOf(subLayer);
    String byHand =
        picked.isEmpty()
            ? ""
            : " · " + messages.text("hover.picked", picked.kept().size(), picked.dropped().size());
    String fitted =
        picture.isFitted(subLayer) && picture.overlay().isEmpty()
            ? " · " + messages.text("hover.fitted", picture.free().orElseThrow().kept(subLayer))
            : "";
    String all = keeps + byHand + fitted + proposed + compared;
    return editable ? all + " · " + hold(subLayer) : all;
  }

  private String byHand(SubLayer subLayer, int unit) {
    HandPicked picked = picture.locks().pickedOf(subLayer);
    return picked.kept().contains(unit)
        ? " " + messages.text("hover.keptByHand")
        : picked.dropped().contains(unit) ? " " + messages.text("hover.droppedByHand") : "";
  }

  /** Free, held by the method, hand-set or locked, in words. */
  private String hold(SubLayer subLayer) {
    return messages.text(
        picture.isFitted(subLayer) ? "hold.FITTED" : "hold." + picture.state(subLayer));
  }

  private String names(SubLayerKind kind, int from, int to) {
    return to - from == 1
        ? messages.text("hover.unit." + kind, from)
        : messages.text("hover.unitRange." + kind, from, to - 1);
  }

  /** How many sub-layers are selected and what they keep together, in words; empty for none. */
  String selection(Set<SubLayer> chosen) {
    if (chosen.isEmpty()) {
      return "";
    }
    double parameters = 0;
    double stay = 0;
    for (SubLayer subLayer : chosen) {
      double each = picture.model().parametersPerUnit(subLayer);
      parameters += picture.model().units(subLayer) * each;
      stay += picture.kept().kept(subLayer) * each;
    }
    return messages.text(
        "selection.chosen",
        chosen.size(),
        Figures.percent(parameters == 0 ? 0 : stay / parameters));
  }

  /** What the mark or the column under the pointer means; empty where words would only disturb. */
  String explain(EspalierLayout.Hit hit) {
    return switch (hit.part()) {
      case PADLOCK -> editable ? explainState(hit.subLayer()) : "";
      case COLUMN -> explainColumn(hit.column());
      case NUMBER, KEPT, UNITS -> "";
    };
  }

  private String explainState(SubLayer subLayer) {
    SubLayerState state = picture.state(subLayer);
    if (picture.isFitted(subLayer)) {
      return messages.text("state.FITTED", picture.free().orElseThrow().kept(subLayer));
    }
    return state == SubLayerState.CONSTRAINED
        ? messages.text(
            "state.CONSTRAINED",
            picture.bounds().get(subLayer).leastKept(),
            picture.bounds().get(subLayer).reason())
        : messages.text("state." + state);
  }

  /** What a column shows; empty for no column. */
  String explainColumn(int column) {
    List<SubLayerColumn> columns = picture.columns();
    return column < 0 || column >= columns.size() ? "" : columns.get(column).explanation();
  }

  /** A figure of a column in words. */
  String column(SubLayer subLayer, int column) {
    SubLayerColumn figures = picture.columns().get(column);
    return messages.text(
        "hover.column",
        messages.text("subLayer." + subLayer.kind(), number(subLayer)),
        figures.title(),
        figures.of(subLayer).map(SubLayerColumn.Cell::text).orElse("–"));
  }
}
