package org.espalier.report.chart;

import java.util.ArrayList;
import java.util.List;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;

/**
 * Running perplexity of one model.
 *
 * @param name as in the list of runs
 * @param dense true for the model before pruning
 * @param perplexities over all windows up to each one
 * @param windows windows in all; more than {@code perplexities} while the evaluation runs
 */
public record PerplexityLine(String name, boolean dense, List<Double> perplexities, int windows) {
  public PerplexityLine {
    perplexities = List.copyOf(perplexities);
  }

  /** A finished evaluation. */
  public static PerplexityLine of(String name, boolean dense, PerplexityResult result) {
    List<Double> running = new ArrayList<>();
    double sum = 0;
    for (double window : result.windowNegativeLogLikelihoods()) {
      sum += window;
      running.add(Math.exp(sum / (running.size() + 1)));
    }
    return new PerplexityLine(name, dense, running, result.windows());
  }

  /** An evaluation that may still be running; points without gaps from the first window. */
  public static PerplexityLine of(String name, boolean dense, List<PerplexityPoint> points) {
    return new PerplexityLine(
        name,
        dense,
        points.stream().map(PerplexityPoint::perplexity).toList(),
        points.isEmpty() ? 0 : points.get(points.size() - 1).windows());
  }

  /** The last running value; NaN before the first window. */
  public double last() {
    return perplexities.isEmpty() ? Double.NaN : perplexities.get(perplexities.size() - 1);
  }

  public boolean isComplete() {
    return perplexities.size() >= windows;
  }
}
