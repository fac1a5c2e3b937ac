package org.espalier.allocation;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;

/** The four meanings of "ratio" that papers mix; every ratio names its own. */
public enum RatioDefinition {
  /** Share of the parameters of q, k, v, o, gate, up and down (FLAP). */
  PRUNABLE("prunable", "the prunable parameters"),
  /** Share of all head groups and channels by count. */
  UNIT("unit", "all head groups and channels"),
  /** Share of all parameters of the decoder blocks (2SSP). */
  LAYER("layer", "the parameters of the decoder blocks"),
  /** Share of all parameters, embeddings included (LLM-Pruner). */
  TOTAL("total", "all parameters");

  private final String label;
  private final String reference;

  RatioDefinition(String label, String reference) {
    this.label = label;
    this.reference = reference;
  }

  /** The word used on the command line and in files. */
  public String label() {
    return label;
  }

  /**
   * The definition with a label.
   *
   * @throws EspalierException naming all of them if there is none
   */
  public static RatioDefinition named(String label) {
    return Arrays.stream(values())
        .filter(definition -> definition.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new EspalierException(
                    "There is no ratio definition "
                        + label
                        + "; choose one of "
                        + Arrays.stream(values())
                            .map(RatioDefinition::label)
                            .collect(Collectors.joining(", "))));
  }

  /** What it is a share of, for people: "30 % of the prunable parameters". */
  public String reference() {
    return reference;
  }

  /** How much a model holds of what this is a share of. */
  public long reference(PrunableModel model) {
    return switch (this) {
      case PRUNABLE -> model.prunableParameters();
      case UNIT -> model.units();
      case LAYER -> model.layerParameters();
      case TOTAL -> model.totalParameters();
    };
  }

  /** How much one unit of a sub-layer counts. */
  public long unitWeight(PrunableModel model, SubLayer subLayer) {
    return this == UNIT ? 1 : model.parametersPerUnit(subLayer);
  }
}
