package org.espalier.ui.help;

import java.util.List;
import org.espalier.allocation.RatioDefinition;
import org.espalier.ui.platform.Messages;

/** Every number that the window shows. */
public enum NumberHelp implements HelpSubject {
  TARGET,
  PARAMETERS,
  WEIGHTS,
  PRODUCTS,
  READ,
  BOUND,
  RATIO_PRUNABLE,
  RATIO_UNIT,
  RATIO_LAYER,
  RATIO_TOTAL,
  CALIBRATION,
  SCORE,
  RANK,
  KEPT,
  SUB_LAYER_SCORE,
  COST,
  PROPOSED_RATIO,
  SENSITIVITY,
  PRICE,
  PREDICTED_PERPLEXITY,
  PREDICTION_BAND,
  RANK_CORRELATION,
  PERPLEXITY,
  PERPLEXITY_PROTOCOL,
  PERPLEXITY_BAND,
  TASK_ACCURACY,
  TASK_DIFFERENCE,
  PREFILL,
  DECODE,
  SPEED_RATIO,
  MEASURED_BOUND,
  PEAK_MEMORY,
  TRIAL_PERPLEXITY,
  COEFFICIENTS,
  LOSS,
  HELD_OUT_PERPLEXITY,
  EXPORT_DIFFERENCE,
  AGAINST_DENSE,
  AGAINST_BASELINE,
  CONSTRAINT_COST,
  ANALYSIS_TIME,
  REMAINING_TIME;

  /** The share that a definition means. */
  public static NumberHelp of(RatioDefinition definition) {
    return switch (definition) {
      case PRUNABLE -> RATIO_PRUNABLE;
      case UNIT -> RATIO_UNIT;
      case LAYER -> RATIO_LAYER;
      case TOTAL -> RATIO_TOTAL;
    };
  }

  @Override
  public HelpTopic topic(Messages messages) {
    String key = "help.number." + name();
    return new HelpTopic(
        messages.text(key + ".title"),
        messages.text(key + ".text"),
        messages.text(key + ".source"),
        List.of());
  }
}
