package org.espalier.ui.heatmap;

import java.util.List;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.RankedScores;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.platform.Messages;

/** Says which colour means which score: a strip of colours with the scores along it. */
final class ColourLegend {
  /**
   * One strip.
   *
   * @param low score of the darkest colour
   * @param middle score of the colour in the middle: half of the units score lower
   * @param high score of the brightest colour
   */
  record Entry(String label, String low, String middle, String high) {}

  private final RankedScores scores;
  private final Messages messages;

  ColourLegend(RankedScores scores, Messages messages) {
    this.scores = scores;
    this.messages = messages;
  }

  List<Entry> entries(Normalisation normalisation) {
    return switch (normalisation) {
      case PER_BLOCK ->
          List.of(
              new Entry(
                  messages.text("legend.perBlock"),
                  messages.text("legend.lowest"),
                  messages.text("legend.median"),
                  messages.text("legend.highest")));
      case PER_KIND ->
          List.of(
              entry("legend.headGroups", SubLayerKind.ATTENTION, normalisation),
              entry("legend.channels", SubLayerKind.FEED_FORWARD, normalisation));
      case GLOBAL -> List.of(entry("legend.global", SubLayerKind.ATTENTION, normalisation));
    };
  }

  private Entry entry(String key, SubLayerKind kind, Normalisation normalisation) {
    RankedScores.Range range = scores.range(new SubLayer(0, kind), normalisation);
    return new Entry(
        messages.text(key),
        ScoreFormat.format(range.low()),
        ScoreFormat.format(range.at(0.5)),
        ScoreFormat.format(range.high()));
  }
}
