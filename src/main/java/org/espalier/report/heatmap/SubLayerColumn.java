package org.espalier.report.heatmap;

import java.util.Map;
import java.util.Optional;
import org.espalier.transformer.SubLayer;

/**
 * A small column with one figure per sub-layer: what a method thinks of it, what it costs, what
 * cutting there would cost.
 *
 * @param title a word or two above it
 * @param explanation one sentence for who points at it
 * @param cells sub-layers without a figure are not in it
 */
public record SubLayerColumn(String title, String explanation, Map<SubLayer, Cell> cells) {
  /**
   * A figure.
   *
   * @param text at most six characters or so
   * @param level from 0 to 1, drawn as a small bar under the figure
   */
  public record Cell(String text, double level) {}

  public SubLayerColumn {
    cells = Map.copyOf(cells);
  }

  public Optional<Cell> of(SubLayer subLayer) {
    return Optional.ofNullable(cells.get(subLayer));
  }
}
