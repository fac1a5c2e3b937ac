package org.espalier.pruning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.allocation.Allocation;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.Scorer.BlockScores;
import org.espalier.statistics.BlockMeasurement;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;

/** Chooses the units that an allocation leaves, and computes the compensation. */
public final class Pruner {
  private final Decoder decoder;
  private final Recipe recipe;

  /**
   * @param decoder the dense model
   */
  public Pruner(Decoder decoder, Recipe recipe) {
    this.decoder = decoder;
    this.recipe = recipe;
  }

  /**
   * What is kept and repaired, by dense statistics.
   *
   * @param statistics that hold the input means if the recipe compensates
   * @param progress told after every block
   */
  public Choice choose(
      Allocation allocation, ImportanceMap importance, Statistics statistics, Progress progress) {
    List<BlockPlan> plans = new ArrayList<>();
    Map<SubLayer, float[]> biases = new HashMap<>();
    int blocks = decoder.blocks().blocks();
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      for (int block = 0; block < blocks; block++) {
        progress.report("Choosing the units of block " + block + " of " + blocks, block, blocks);
        BlockScores scores =
            new BlockScores(
                importance.scores(SubLayer.attention(block)),
                importance.scores(SubLayer.feedForward(block)));
        BlockPlan plan = select(block, scores, allocation);
        plans.add(plan);
        if (recipe.compensate()) {
          try (BlockWeights weights = decoder.blocks().load(block)) {
            biases.putAll(compensation(block, plan, weights, statistics));
          }
        }
      }
    }
    return new Choice(plans, new Compensation(biases));
  }

  /**
   * What is kept and repaired when each block is measured on the outputs of the already pruned
   * ones.
   *
   * @param progress told after every batch of every block
   */
  public Choice chooseSequentially(
      Allocation allocation, TokenWindows windows, PassJournal journal, Progress progress) {
    List<BlockPlan> plans = new ArrayList<>();
    Map<SubLayer, float[]> biases = new HashMap<>();
    int blocks = decoder.blocks().blocks();
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, windows.toArray())) {
      long steps = 2L * blocks * states.batches();
      PassJournal.Position start =
          journal.resume(states).orElse(new PassJournal.Position(0, new Statistics(Map.of())));
      Statistics statistics = start.measured();
      for (int block = 0; block < blocks; block++) {
        boolean done = block < start.nextBlock();
        long step = 2L * block * states.batches();
        try (BlockWeights weights = decoder.blocks().load(block)) {
          if (!done) {
            statistics = statistics.with(measure(block, weights, states, progress, step, steps));
          }
          // From statistics alone, so a resumed run chooses as the interrupted one did.
          BlockPlan plan =
              select(block, recipe.scorer().score(block, weights.shape(), statistics), allocation);
          plans.add(plan);
          Map<SubLayer, float[]> added =
              recipe.compensate() ? compensation(block, plan, weights, statistics) : Map.of();
          biases.putAll(added);
          if (!done) {
            advance(block, plans, new Compensation(added), states, progress, step, steps);
          }
        }
        if (!done) {
          journal.finished(block, statistics, states);
        }
      }
    }
    return new Choice(plans, new Compensation(biases));
  }

  private Statistics measure(
      int block,
      BlockWeights weights,
      HiddenStates states,
      Progress progress,
      long done,
      long steps) {
    try (BlockMeasurement measurement = new BlockMeasurement(block, weights, recipe.collectors())) {
      for (int batch = 0; batch < states.batches(); batch++) {
        progress.report("Measuring block " + block, done + batch, steps);
        states.observe(batch, block, weights, measurement);
      }
      return measurement.finish();
    }
  }

  private void advance(
      int block,
      List<BlockPlan> plans,
      Compensation compensation,
      HiddenStates states,
      Progress progress,
      long done,
      long steps) {
    List<BlockPlan> known = new ArrayList<>(plans);
    for (int later = plans.size(); later < decoder.blocks().blocks(); later++) {
      known.add(BlockPlan.keepAll(decoder.blocks().shape(later)));
    }
    CutBlocks cut =
        new CutBlocks(decoder.blocks(), known, compensation, decoder.config().headSize());
    try (BlockWeights pruned = cut.load(block)) {
      for (int batch = 0; batch < states.batches(); batch++) {
        progress.report("Passing on block " + block, done + states.batches() + batch, steps);
        states.advance(batch, block, pruned);
      }
    }
  }

  private BlockPlan select(int block, BlockScores scores, Allocation allocation) {
    BlockShape dense = decoder.blocks().shape(block);
    return new BlockPlan(
        dense,
        LowestScoreSelector.keep(scores.attention(), allocation.kept(SubLayer.attention(block))),
        LowestScoreSelector.keep(
            scores.feedForward(), allocation.kept(SubLayer.feedForward(block))));
  }

  private Map<SubLayer, float[]> compensation(
      int block, BlockPlan plan, BlockWeights weights, Statistics statistics) {
    return MeanCompensator.compensate(
        block, plan, weights, statistics, decoder.config().headSize());
  }

  /**
   * The outcome.
   *
   * @param blocks one per block of the dense model
   */
  public record Choice(List<BlockPlan> blocks, Compensation compensation) {
    public Choice {
      blocks = List.copyOf(blocks);
    }
  }
}
