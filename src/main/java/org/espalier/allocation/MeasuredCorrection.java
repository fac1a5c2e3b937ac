package org.espalier.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Turns predicted changes into predicted perplexities by runs that were measured on one text: a
 * straight line from the change to log-perplexity, its slope held near 1 while runs are few (ridge
 * regression). How far predictions miss is told by leaving out each run in turn.
 */
public final class MeasuredCorrection {
  /** With fewer runs than this, predictions are good for ranking only. */
  public static final int ENOUGH_RUNS = 8;

  /** Nine in ten left-out runs lie within the band. */
  private static final double COVERED = 0.9;

  /** Spread of changes, in squared nats, that weighs as much as the belief in slope 1. */
  private static final double BELIEF = 0.05;

  /**
   * A measured model.
   *
   * @param change as predicted, in nats per token; 0 for the dense model
   * @param logPerplexity as measured
   * @param dense true for the dense model, which anchors the line but says nothing about misses
   */
  public record Measured(double change, double logPerplexity, boolean dense) {}

  /**
   * A predicted perplexity.
   *
   * @param perplexity on the text of the measured runs
   * @param factor by which the left-out runs were missed at most, nine in ten of them; empty while
   *     there are too few runs
   * @param runs how many measured runs it rests on
   */
  public record Prediction(double perplexity, OptionalDouble factor, int runs) {}

  private record Line(double intercept, double slope) {
    double at(double change) {
      return intercept + slope * change;
    }
  }

  private final Line line;
  private final OptionalDouble band;
  private final int runs;

  /**
   * Fits a line.
   *
   * @param measured all on the same text, at least one
   */
  public MeasuredCorrection(List<Measured> measured) {
    if (measured.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    line = fit(measured);
    runs = (int) measured.stream().filter(model -> !model.dense()).count();
    band = runs < ENOUGH_RUNS ? OptionalDouble.empty() : OptionalDouble.of(band(measured));
  }

  public Prediction predict(double change) {
    double perplexity = Math.exp(line.at(change));
    return new Prediction(
        perplexity,
        band.isPresent() ? OptionalDouble.of(Math.exp(band.getAsDouble())) : band,
        runs);
  }

  private static Line fit(List<Measured> measured) {
    double x = measured.stream().mapToDouble(Measured::change).average().orElseThrow();
    double y = measured.stream().mapToDouble(Measured::logPerplexity).average().orElseThrow();
    double products = BELIEF;
    double squares = BELIEF;
    for (Measured model : measured) {
      products += (model.change() - x) * (model.logPerplexity() - y);
      squares += (model.change() - x) * (model.change() - x);
    }
    double slope = products / squares;
    return new Line(y - slope * x, slope);
  }

  private static double band(List<Measured> measured) {
    List<Double> misses = new ArrayList<>();
    for (int left = 0; left < measured.size(); left++) {
      Measured model = measured.get(left);
      if (!model.dense()) {
        List<Measured> others = new ArrayList<>(measured);
        others.remove(left);
        misses.add(Math.abs(model.logPerplexity() - fit(others).at(model.change())));
      }
    }
    double[] sorted = misses.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int place = (int) Math.ceil(COVERED * (sorted.length + 1)) - 1;
    return sorted[Math.min(place, sorted.length - 1)];
  }
}
