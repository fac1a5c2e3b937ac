package org.espalier.ui.help;

import static org.espalier.ui.help.NumberHelp.AGAINST_BASELINE;
import static org.espalier.ui.help.NumberHelp.AGAINST_DENSE;
import static org.espalier.ui.help.NumberHelp.ANALYSIS_TIME;
import static org.espalier.ui.help.NumberHelp.BOUND;
import static org.espalier.ui.help.NumberHelp.CALIBRATION;
import static org.espalier.ui.help.NumberHelp.COEFFICIENTS;
import static org.espalier.ui.help.NumberHelp.CONSTRAINT_COST;
import static org.espalier.ui.help.NumberHelp.COST;
import static org.espalier.ui.help.NumberHelp.DECODE;
import static org.espalier.ui.help.NumberHelp.EXPORT_DIFFERENCE;
import static org.espalier.ui.help.NumberHelp.HELD_OUT_PERPLEXITY;
import static org.espalier.ui.help.NumberHelp.KEPT;
import static org.espalier.ui.help.NumberHelp.LOSS;
import static org.espalier.ui.help.NumberHelp.MEASURED_BOUND;
import static org.espalier.ui.help.NumberHelp.PARAMETERS;
import static org.espalier.ui.help.NumberHelp.PEAK_MEMORY;
import static org.espalier.ui.help.NumberHelp.PERPLEXITY;
import static org.espalier.ui.help.NumberHelp.PERPLEXITY_BAND;
import static org.espalier.ui.help.NumberHelp.PERPLEXITY_PROTOCOL;
import static org.espalier.ui.help.NumberHelp.PREDICTED_PERPLEXITY;
import static org.espalier.ui.help.NumberHelp.PREDICTION_BAND;
import static org.espalier.ui.help.NumberHelp.PREFILL;
import static org.espalier.ui.help.NumberHelp.PRICE;
import static org.espalier.ui.help.NumberHelp.PRODUCTS;
import static org.espalier.ui.help.NumberHelp.PROPOSED_RATIO;
import static org.espalier.ui.help.NumberHelp.RANK;
import static org.espalier.ui.help.NumberHelp.RANK_CORRELATION;
import static org.espalier.ui.help.NumberHelp.RATIO_LAYER;
import static org.espalier.ui.help.NumberHelp.RATIO_PRUNABLE;
import static org.espalier.ui.help.NumberHelp.RATIO_TOTAL;
import static org.espalier.ui.help.NumberHelp.RATIO_UNIT;
import static org.espalier.ui.help.NumberHelp.READ;
import static org.espalier.ui.help.NumberHelp.REMAINING_TIME;
import static org.espalier.ui.help.NumberHelp.SCORE;
import static org.espalier.ui.help.NumberHelp.SENSITIVITY;
import static org.espalier.ui.help.NumberHelp.SPEED_RATIO;
import static org.espalier.ui.help.NumberHelp.SUB_LAYER_SCORE;
import static org.espalier.ui.help.NumberHelp.TARGET;
import static org.espalier.ui.help.NumberHelp.TASK_ACCURACY;
import static org.espalier.ui.help.NumberHelp.TASK_DIFFERENCE;
import static org.espalier.ui.help.NumberHelp.TRIAL_PERPLEXITY;
import static org.espalier.ui.help.NumberHelp.WEIGHTS;

import java.util.List;
import org.espalier.ui.platform.Messages;

/** Every view of the window, with the numbers in it. */
public enum ViewHelp implements HelpSubject {
  TRANSFER_ENTROPY(SUB_LAYER_SCORE, COST, PROPOSED_RATIO),
  COMPARED(KEPT),
  ESPALIER(SCORE, RANK, KEPT, PRICE, TRANSFER_ENTROPY, COMPARED),
  BLOCK(SCORE, RANK, KEPT),
  TARGET_RATIO(TARGET, RATIO_PRUNABLE, RATIO_UNIT, RATIO_LAYER, RATIO_TOTAL, PARAMETERS, WEIGHTS),
  BUDGET(
      PARAMETERS,
      WEIGHTS,
      PRODUCTS,
      READ,
      BOUND,
      RATIO_PRUNABLE,
      RATIO_UNIT,
      RATIO_LAYER,
      RATIO_TOTAL),
  PREDICTION(PREDICTED_PERPLEXITY, PREDICTION_BAND, RANK_CORRELATION, PRICE, SENSITIVITY),
  PERPLEXITY_CHART(PERPLEXITY, PERPLEXITY_PROTOCOL, PERPLEXITY_BAND),
  SPEED_CHART(PREFILL, DECODE, SPEED_RATIO, MEASURED_BOUND),
  MEMORY_CHART(PEAK_MEMORY),
  CHARTS(PERPLEXITY_CHART, SPEED_CHART, MEMORY_CHART),
  SEARCH(TRIAL_PERPLEXITY, COEFFICIENTS),
  COMPARISON(
      PERPLEXITY,
      AGAINST_DENSE,
      AGAINST_BASELINE,
      RATIO_PRUNABLE,
      RATIO_UNIT,
      RATIO_LAYER,
      RATIO_TOTAL,
      ANALYSIS_TIME,
      PEAK_MEMORY,
      SPEED_RATIO),
  RUNS(PERPLEXITY, DECODE, WEIGHTS),
  JOBS(REMAINING_TIME),
  METHOD(CALIBRATION, COMPARISON),
  TRIAL(),
  RACE(PERPLEXITY, PERPLEXITY_PROTOCOL),
  EVALUATION(PERPLEXITY, PERPLEXITY_PROTOCOL, PERPLEXITY_BAND, TASK_ACCURACY, TASK_DIFFERENCE),
  RECOVERY(LOSS, HELD_OUT_PERPLEXITY),
  EXPORT(EXPORT_DIFFERENCE, WEIGHTS),
  DESTINATION(CONSTRAINT_COST),
  HUB(),
  PREFERENCES();

  private final List<HelpSubject> parts;

  ViewHelp(HelpSubject... parts) {
    this.parts = List.of(parts);
  }

  @Override
  public HelpTopic topic(Messages messages) {
    String key = "help.view." + name();
    return new HelpTopic(
        messages.text(key + ".title"),
        messages.text(key + ".text"),
        messages.text(key + ".source"),
        parts);
  }
}
