package org.espalier.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;

/**
 * The blocks whose output is most like their input lose units, the most alike the most: {@code ρ_l
 * = ρ·K·softmax(α·S)_l} over the K most redundant blocks, S being the cosine of a block's input and
 * output, and the same ρ_l for head groups and channels (SlimLLM, equation 11). At least one unit
 * of every sub-layer stays, and a twentieth of its units.
 *
 * <p>The target solves for ρ, unless ρ is given: then it alone decides and the target does not.
 */
public final class BlockSoftmaxAllocator implements Allocator {
  private static final double HIGHEST = 0.95;

  /** The paper's settings for LLaMA-7B: 26 of 32 blocks and α = 10 for 20 %, 30 and 7 for 50 %. */
  private static final double LOW = 0.2;

  private static final double HIGH = 0.5;

  private static final String KEPT =
      "what the other sub-layers keep, because their blocks are not among the pruned ones or by"
          + " the highest share that may go, holds";

  private static final String LIMIT = "the method keeps a twentieth of every sub-layer";

  private final PrunableModel model;
  private final List<SubLayer> subLayers;
  private final double[] similarity;
  private final List<Integer> mostRedundantFirst;
  private final Settings settings;

  /**
   * What a user may set instead of the automatic choice.
   *
   * @param share ρ; without it the target solves for it
   * @param blocks K; without it from the target, and more where the target needs more
   * @param sharpness α; without it from the target
   * @param rounding OFFICIAL rounds every share to the nearest whole number of units, ties to even
   */
  public record Settings(
      OptionalDouble share, OptionalInt blocks, OptionalDouble sharpness, Rounding rounding) {}

  /**
   * @param scores 1 - S of every sub-layer that has units
   * @throws EspalierException if the model has fewer blocks than are to be pruned
   */
  public BlockSoftmaxAllocator(PrunableModel model, SubLayerScores scores, Settings settings) {
    this.model = model;
    this.settings = settings;
    subLayers = model.subLayers();
    similarity = new double[model.blocks().size()];
    Arrays.fill(similarity, Double.NEGATIVE_INFINITY);
    for (SubLayer subLayer : subLayers) {
      scores
          .of(subLayer)
          .map(SubLayerScore::score)
          .ifPresent(influence -> similarity[subLayer.block()] = 1 - influence);
    }
    mostRedundantFirst =
        IntStream.range(0, similarity.length)
            .filter(block -> similarity[block] > Double.NEGATIVE_INFINITY)
            .boxed()
            .sorted((a, b) -> Double.compare(similarity[b], similarity[a]))
            .toList();
    if (settings.blocks().orElse(0) > mostRedundantFirst.size()) {
      throw new EspalierException(
          "Pruning "
              + settings.blocks().getAsInt()
              + " blocks is not possible: this model has 1 to "
              + mostRedundantFirst.size()
              + " blocks to prune.");
    }
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    double ratio = target.prunableRatio(model);
    if (settings.share().isPresent()) {
      double share = settings.share().getAsDouble();
      return rounded(locks, share, softmax(blocks(share), sharpness(share)));
    }
    if (settings.rounding() == Rounding.OFFICIAL && locks.isEmpty()) {
      double[] softmax = softmax(blocks(ratio), sharpness(ratio));
      return rounded(locks, share(ratio, softmax, blocks(ratio)), softmax);
    }
    for (int blocks = blocks(ratio); ; blocks++) {
      try {
        return solved(target, locks, blocks, sharpness(ratio));
      } catch (InfeasibleTargetException e) {
        // Where the automatic number of blocks cannot give enough, more blocks take part.
        if (settings.blocks().isPresent() || blocks >= mostRedundantFirst.size()) {
          throw e;
        }
      }
    }
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    int units = model.units(subLayer);
    return units == 0 ? Bounds.NONE : new Bounds(units - most(units), LIMIT);
  }

  private static int most(int units) {
    return (int) Math.floor(highest(units) * units + 1e-9);
  }

  @Override
  public Optional<String> remark(Target target, Allocation answer) {
    if (settings.share().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "The given mean share decides, not the target: "
            + Demand.percent(answer.removedShare(model, target.of()))
            + " of "
            + target.of().reference()
            + " go.");
  }

  private Allocation solved(Target target, Locks locks, int blocks, double sharpness) {
    double[] exponents = new double[subLayers.size()];
    double[] caps = new double[subLayers.size()];
    List<Integer> selected = mostRedundantFirst.subList(0, blocks);
    for (int s = 0; s < caps.length; s++) {
      int block = subLayers.get(s).block();
      if (selected.contains(block)) {
        exponents[s] = sharpness * similarity[block];
        caps[s] = highest(model.units(subLayers.get(s)));
      }
    }
    return new WaterFillingAllocator(
            model, exponents, caps, SubLayerRemoval.FORBIDDEN, KEPT, block -> LIMIT)
        .allocate(target, locks);
  }

  private static double highest(int units) {
    return units == 0 ? 0 : Math.min(HIGHEST, (units - 1.0) / units);
  }

  /** K·softmax by block; 0 for blocks that are not pruned. */
  private double[] softmax(int blocks, double sharpness) {
    double[] softmax = new double[similarity.length];
    double sum = 0;
    for (int block : mostRedundantFirst.subList(0, blocks)) {
      softmax[block] =
          Math.exp(sharpness * (similarity[block] - similarity[mostRedundantFirst.get(0)]));
      sum += softmax[block];
    }
    for (int block = 0; block < softmax.length; block++) {
      softmax[block] *= blocks / sum;
    }
    return softmax;
  }

  /** The ρ that removes so much before it is rounded and limited. */
  private double share(double ratio, double[] softmax, int blocks) {
    double weight = 0;
    for (int block = 0; block < softmax.length; block++) {
      weight += softmax[block] * model.blocks().get(block).prunableParameters();
    }
    return blocks == 0 ? 0 : ratio * model.prunableParameters() / weight;
  }

  private Allocation rounded(Locks locks, double share, double[] softmax) {
    List<Integer> headGroups = new ArrayList<>();
    List<Integer> channels = new ArrayList<>();
    for (SubLayer subLayer : subLayers) {
      int units = model.units(subLayer);
      int most = most(units);
      int removed = (int) Math.min(most, Math.rint(share * softmax[subLayer.block()] * units));
      int kept = locks.of(subLayer).map(Hold::keptUnits).orElse(units - removed);
      switch (subLayer.kind()) {
        case ATTENTION -> headGroups.add(kept);
        case FEED_FORWARD -> channels.add(kept);
      }
    }
    return new Allocation(headGroups, channels);
  }

  private int blocks(double ratio) {
    int available = mostRedundantFirst.size();
    int automatic = (int) Math.rint(between(ratio, 26 / 32.0, 30 / 32.0) * available);
    return Math.min(available, settings.blocks().orElse(Math.max(1, automatic)));
  }

  private double sharpness(double ratio) {
    return settings.sharpness().orElse(between(ratio, 10, 7));
  }

  /** Straight between the paper's two settings, and level beyond them. */
  private static double between(double ratio, double low, double high) {
    double at = Math.min(1, Math.max(0, (ratio - LOW) / (HIGH - LOW)));
    return low + at * (high - low);
  }
}
