package org.espalier.report.heatmap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.GlobalThresholdAllocator;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Rounding;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.Target;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;

/** Models and scores of realistic shapes for looking at. */
public final class Examples {
  private Examples() {}

  public static PrunableModel model(int blocks, int headGroups, int channels) {
    PrunableModel.Block block =
        new PrunableModel.Block(headGroups, 4_194_304L / headGroups * 8, channels, 12_288);
    long prunable = blocks * block.prunableParameters();
    return new PrunableModel(
        Collections.nCopies(blocks, block), prunable + 8192L * blocks, prunable * 5 / 4);
  }

  /** Long tails, and ends of the model more important than its middle. */
  public static ImportanceMap importance(PrunableModel model, long seed) {
    Random random = new Random(seed);
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    int blocks = model.blocks().size();
    for (int b = 0; b < blocks; b++) {
      double depth = blocks == 1 ? 0 : (double) b / (blocks - 1);
      double level = 0.9 * Math.pow(2 * depth - 1, 4) - 0.2 + 0.25 * random.nextGaussian();
      attention.add(scores(random, model.blocks().get(b).headGroups(), 0.7 * level, 0.5));
      feedForward.add(scores(random, model.blocks().get(b).channels(), level, 1));
    }
    return new ImportanceMap("WIFV, standardised per block", attention, feedForward);
  }

  private static double[] scores(Random random, int count, double level, double spread) {
    return random
        .doubles(count)
        .map(u -> level + spread * (-Math.log(Math.max(u, 1e-12)) - 1))
        .toArray();
  }

  static EspalierPicture picture(PrunableModel model, double ratio, Locks locks, UnitOrder order) {
    ImportanceMap importance = importance(model, 1);
    Allocation kept =
        new GlobalThresholdAllocator(model, importance, Rounding.CORRECTED, SubLayerRemoval.ALLOWED)
            .allocate(new Target(ratio, RatioDefinition.PRUNABLE), locks);
    return new EspalierPicture(
        model,
        Optional.of(new RankedScores(importance)),
        kept,
        locks,
        order,
        Normalisation.PER_KIND);
  }

  public static Locks someLocks(PrunableModel model) {
    int last = model.blocks().size() - 1;
    Locks locks = Locks.NONE;
    for (int block : new int[] {0, 1, last}) {
      for (SubLayer subLayer : List.of(SubLayer.attention(block), SubLayer.feedForward(block))) {
        locks = locks.with(subLayer, Hold.locked(model.units(subLayer)));
      }
    }
    return locks
        .with(SubLayer.attention(last / 2), Hold.handSet(0))
        .with(
            SubLayer.feedForward(last / 2 + 1),
            Hold.handSet(model.units(SubLayer.feedForward(last / 2 + 1)) / 3));
  }
}
