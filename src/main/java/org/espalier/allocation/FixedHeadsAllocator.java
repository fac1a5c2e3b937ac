package org.espalier.allocation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.importance.ImportanceMap;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * A fixed number of head groups goes from the whole model, and channels make up the rest of the
 * target: the structures UL-MM ({@link Competition#UNIFORM}) and AL-MM ({@link Competition#GLOBAL})
 * of FLAP.
 *
 * <p>The number counts head groups of held sub-layers, too. Where holds leave fewer to remove, all
 * that may go are removed, and where holds alone remove more, no others are.
 */
public final class FixedHeadsAllocator implements Allocator {
  private final PrunableModel model;
  private final Competition competition;
  private final int removedHeadGroups;
  private final RemovalOrder scores;
  private final RemovalOrder uniform;
  private final Rounding rounding;
  private final SubLayerRemoval removal;

  /**
   * @param removedHeadGroups head groups that go from the whole model
   * @throws EspalierException if the model has fewer head groups that may go
   */
  public FixedHeadsAllocator(
      PrunableModel model,
      ImportanceMap importance,
      Competition competition,
      int removedHeadGroups,
      Rounding rounding,
      SubLayerRemoval removal) {
    int most =
        model.blocks().stream().mapToInt(block -> removal.removable(block.headGroups())).sum();
    if (removedHeadGroups < 0 || removedHeadGroups > most) {
      throw new EspalierException(
          "Removing "
              + removedHeadGroups
              + " head groups is not possible: in this model 0 to "
              + most
              + " may go.");
    }
    this.model = model;
    this.competition = competition;
    this.removedHeadGroups = removedHeadGroups;
    this.scores = RemovalOrder.byScore(model, importance);
    this.uniform = RemovalOrder.uniform(model);
    this.rounding = rounding;
    this.removal = removal;
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    boolean official = rounding == Rounding.OFFICIAL && locks.isEmpty();
    int[] heads = official ? officialHeads() : solvedHeads(locks);
    Demand demand = channelDemand(target, locks, heads);
    int[] removed =
        official
            ? officialChannels(target, demand, heads)
            : order().remove(demand.weights(), demand.removable(), demand.wanted());
    return demand.allocation(model, removed);
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    return removal.bounds(model.units(subLayer));
  }

  private RemovalOrder order() {
    return competition == Competition.GLOBAL ? scores : uniform;
  }

  /** Head groups that go, by sub-layer; 0 for feed-forward. */
  private int[] solvedHeads(Locks locks) {
    List<SubLayer> subLayers = model.subLayers();
    long[] weights = new long[subLayers.size()];
    int[] removable = new int[subLayers.size()];
    int wanted = removedHeadGroups;
    for (int s = 0; s < weights.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      if (subLayer.kind() == SubLayerKind.ATTENTION) {
        weights[s] = 1;
        Hold hold = locks.holds().get(subLayer);
        if (hold == null) {
          removable[s] = removal.removable(model.units(subLayer));
        } else {
          wanted -= model.units(subLayer) - hold.keptUnits();
        }
      }
    }
    return order().remove(weights, removable, Math.max(0, wanted));
  }

  /** What the feed-forward sub-layers owe once attention is settled. */
  private Demand channelDemand(Target target, Locks locks, int[] heads) {
    List<SubLayer> subLayers = model.subLayers();
    Map<SubLayer, Hold> settled = new HashMap<>(locks.holds());
    for (int s = 0; s < heads.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      if (subLayer.kind() == SubLayerKind.ATTENTION && locks.of(subLayer).isEmpty()) {
        settled.put(subLayer, Hold.locked(model.units(subLayer) - heads[s]));
      }
    }
    String attention = "attention sub-layers, from which " + removedHeadGroups + " head groups go,";
    return Demand.of(
        model,
        target,
        new Locks(settled),
        removal,
        locks.isEmpty() ? attention : Demand.LOCKS + " and " + attention);
  }

  /**
   * The published rounding: removeHeads // blocks from every block with ties kept (UL), or the
   * lowest over all blocks with ties removed (AL).
   */
  private int[] officialHeads() {
    int[] removed = new int[scores.subLayers()];
    int perBlock = removedHeadGroups / Math.max(1, model.blocks().size());
    List<SubLayer> subLayers = model.subLayers();
    double threshold = threshold(SubLayerKind.ATTENTION, removedHeadGroups);
    for (int s = 0; s < removed.length; s++) {
      if (subLayers.get(s).kind() == SubLayerKind.ATTENTION) {
        int most = removal.removable(scores.units(s));
        removed[s] =
            competition == Competition.UNIFORM
                ? scores.removeKeepingTies(s, perBlock, most)
                : Math.min(most, scores.countAtMost(s, threshold));
      }
    }
    return removed;
  }

  private int[] officialChannels(Target target, Demand demand, int[] heads) {
    double ratio = target.prunableRatio(model);
    List<SubLayer> subLayers = model.subLayers();
    int[] removed = new int[heads.length];
    double threshold =
        competition == Competition.GLOBAL
            ? threshold(SubLayerKind.FEED_FORWARD, officialChannelsOfModel(ratio))
            : 0;
    for (int s = 0; s < removed.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      if (subLayer.kind() == SubLayerKind.FEED_FORWARD) {
        int most = demand.removable()[s];
        removed[s] =
            competition == Competition.UNIFORM
                ? scores.removeKeepingTies(s, officialChannels(ratio, subLayer.block()), most)
                : Math.min(most, scores.countAtMost(s, threshold));
      }
    }
    return removed;
  }

  /** int((p * parameters - head parameters) / channel parameters) of one block. */
  private int officialChannels(double ratio, int block) {
    PrunableModel.Block shape = model.blocks().get(block);
    long heads = removedHeadGroups / model.blocks().size() * shape.parametersPerHeadGroup();
    return (int)
        Math.max(0, (ratio * shape.prunableParameters() - heads) / shape.parametersPerChannel());
  }

  /** The same over the whole model. */
  private int officialChannelsOfModel(double ratio) {
    double channels = 0;
    for (PrunableModel.Block shape : model.blocks()) {
      double heads =
          (double) removedHeadGroups / model.blocks().size() * shape.parametersPerHeadGroup();
      channels += (ratio * shape.prunableParameters() - heads) / shape.parametersPerChannel();
    }
    return (int) Math.max(0, channels);
  }

  /** The highest score among the {@code count} lowest of one kind; below all scores for none. */
  private double threshold(SubLayerKind kind, int count) {
    if (count == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    List<SubLayer> subLayers = model.subLayers();
    long[] weights = new long[subLayers.size()];
    int[] units = new int[subLayers.size()];
    for (int s = 0; s < weights.length; s++) {
      if (subLayers.get(s).kind() == kind) {
        weights[s] = 1;
        units[s] = scores.units(s);
      }
    }
    return scores.crossing(weights, units, count - 1.0).orElse(Double.POSITIVE_INFINITY);
  }
}
