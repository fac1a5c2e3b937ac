package org.espalier.ui.heatmap;

/** How the units of a row stand. */
public enum UnitOrder {
  /** Most important first, so that the cut lines of all rows draw the allocation's silhouette. */
  BY_SCORE,
  /** As in the checkpoint. */
  BY_INDEX
}
