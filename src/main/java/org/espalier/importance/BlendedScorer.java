package org.espalier.importance;

import java.util.List;
import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.CoupledSlices;
import org.espalier.statistics.GradientPass;
import org.espalier.statistics.Salience;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Scores a unit by a blend of coarse and fine, first- and second-order changes of the loss, added
 * up over its matrices: {@code α1·c1 + (1-α1)·f1 + λ3·(α2·λ1·c2 + (1-α2)·λ2·f2)}. Over the weights
 * of a unit in one matrix, coarse terms take the sum of changes, {@code c1 = |Σ w·g|} and {@code c2
 * = ½ Σ w²·ĝ²}, fine ones the sum of their sizes, {@code f1 = Σ |w·g|} and {@code f2 = Σ |w·g - ½
 * w²·ĝ²|}. Reconstructed after AdaPruner (Kong et al., AAAI 2025), whose formula was not available.
 *
 * @param coarseFirst α1, 0 to 1
 * @param coarseSecond α2, 0 to 1
 * @param alignment what brings terms of different size onto one scale
 * @param windows calibration windows for gradients, from the first; 0 for all
 */
public record BlendedScorer(
    double coarseFirst, double coarseSecond, Alignment alignment, int windows) implements Scorer {
  /** Factors of the terms. */
  public sealed interface Alignment {
    /** Every term is divided by its mean over the units of the sub-layer. */
    record ByMean() implements Alignment {}

    /**
     * Fixed factors.
     *
     * @param coarse λ1 of the coarse second order
     * @param fine λ2 of the fine second order
     * @param second λ3 of both
     */
    record Fixed(double coarse, double fine, double second) implements Alignment {}
  }

  @Override
  public Set<Collector> collectors() {
    return Set.of();
  }

  @Override
  public Set<SubLayerMeasurement> measurements() {
    return Set.of(new GradientPass(windows, true));
  }

  @Override
  public String statistic() {
    return "blend of Taylor terms, coarse and fine";
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    return BlockScores.of(block, shape, subLayer -> scores(subLayer, shape, statistics));
  }

  private double[] scores(SubLayer subLayer, BlockShape shape, Statistics statistics) {
    int units = shape.units(subLayer.kind());
    double[] scores = new double[units];
    double[] coarse = terms(Salience.FIRST_ORDER, subLayer, shape, statistics);
    double[] fine = terms(Salience.FIRST_ORDER_ABSOLUTE, subLayer, shape, statistics);
    double[] coarseSquare = terms(Salience.SECOND_ORDER, subLayer, shape, statistics);
    double[] fineSquare = terms(Salience.MIXED_ABSOLUTE, subLayer, shape, statistics);
    double[] factors = {
      coarseFirst, 1 - coarseFirst, coarseSecond / 2, 1 - coarseSecond,
    };
    if (alignment instanceof Alignment.Fixed fixed) {
      factors[2] *= fixed.second() * fixed.coarse();
      factors[3] *= fixed.second() * fixed.fine();
    } else {
      factors[2] *= 2;
      double[][] all = {coarse, fine, coarseSquare, fineSquare};
      for (int term = 0; term < all.length; term++) {
        factors[term] *= inverseMean(all[term]);
      }
    }
    for (int unit = 0; unit < units; unit++) {
      scores[unit] =
          factors[0] * coarse[unit]
              + factors[1] * fine[unit]
              + factors[2] * coarseSquare[unit]
              + factors[3] * fineSquare[unit];
    }
    return scores;
  }

  /** Of every unit, the sum over its matrices of the size of the summed slices. */
  private static double[] terms(
      Salience salience, SubLayer subLayer, BlockShape shape, Statistics statistics) {
    SubLayerKind kind = subLayer.kind();
    double[] slices = statistics.vector(subLayer, salience.statistic());
    double[] terms = new double[shape.units(kind)];
    List<WeightSlot> matrices = CoupledSlices.matrices(kind);
    for (WeightSlot matrix : matrices) {
      double[] part = CoupledSlices.part(matrix, shape, slices);
      int width = part.length / terms.length;
      for (int unit = 0; unit < terms.length; unit++) {
        double sum = 0;
        for (int slice = unit * width; slice < (unit + 1) * width; slice++) {
          sum += part[slice];
        }
        terms[unit] += Math.abs(sum);
      }
    }
    return terms;
  }

  /** 0 where all terms are, so that they count nothing. */
  private static double inverseMean(double[] terms) {
    double sum = 0;
    for (double term : terms) {
      sum += term;
    }
    return sum > 0 ? terms.length / sum : 0;
  }
}
