package org.espalier.allocation;

/** The four meanings of "ratio" that papers mix; every ratio names its own. */
public enum RatioDefinition {
  /** Share of the parameters of q, k, v, o, gate, up and down (FLAP). */
  PRUNABLE("prunable"),
  /** Share of all head groups and channels by count. */
  UNIT("unit"),
  /** Share of all parameters of the decoder blocks (2SSP). */
  LAYER("layer"),
  /** Share of all parameters, embeddings included (LLM-Pruner). */
  TOTAL("total");

  private final String label;

  RatioDefinition(String label) {
    this.label = label;
  }

  /** The word used on the command line and in files. */
  public String label() {
    return label;
  }
}
