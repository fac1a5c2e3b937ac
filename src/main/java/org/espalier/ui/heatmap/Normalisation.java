package org.espalier.ui.heatmap;

/** Which scores share one colour range. */
public enum Normalisation {
  /** Those of one sub-layer. */
  PER_BLOCK,
  /** All head groups, and all channels. */
  PER_KIND,
  /** All. */
  GLOBAL
}
