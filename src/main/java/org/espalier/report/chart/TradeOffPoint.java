package org.espalier.report.chart;

import java.util.Optional;
import org.espalier.evaluation.PerplexityBand;

/**
 * One model in a trade-off.
 *
 * @param name as in the list of runs
 * @param series models of one series are joined by a line (the runs of one method)
 * @param x what is paid or gained
 * @param perplexity the lower the better
 * @param band where the perplexity of more windows is expected to lie, if that is to be drawn
 */
public record TradeOffPoint(
    String name, String series, double x, double perplexity, Optional<PerplexityBand> band) {
  /** Without a band. */
  public TradeOffPoint(String name, String series, double x, double perplexity) {
    this(name, series, x, perplexity, Optional.empty());
  }
}
