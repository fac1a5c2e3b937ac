package org.espalier.pruning;

/** What moving the target slider can show for a method. */
public enum SliderAnswer {
  /** Dense statistics are enough: the shown allocation is what pruning will do. */
  INSTANT,
  /** An approximation from dense statistics; pruning works on partly pruned activations. */
  PREVIEW,
  /** Only the run itself knows (searches). */
  AFTER_RUN
}
