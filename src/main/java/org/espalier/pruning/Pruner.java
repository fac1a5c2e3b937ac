package org.espalier.pruning;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Locks;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.Scorer.BlockScores;
import org.espalier.statistics.BlockMeasurement;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Chooses the units that an allocation leaves, and computes the compensation. */
public final class Pruner {
  private final Decoder decoder;
  private final Recipe recipe;
  private final Locks locks;

  /**
   * @param decoder the dense model
   */
  public Pruner(Decoder decoder, Recipe recipe) {
    this(decoder, recipe, Locks.NONE);
  }

  /**
   * @param decoder the dense model
   * @param locks whose units picked by hand stay or go, whatever the recipe would choose
   */
  public Pruner(Decoder decoder, Recipe recipe, Locks locks) {
    this.decoder = decoder;
    this.recipe = recipe;
    this.locks = locks;
  }

  /**
   * What each sub-layer keeps in the end: the allocator's answer, or what the recipe's search makes
   * of it on the pruned model.
   *
   * @param preview the allocator's answer
   * @param importance of the dense model
   * @param statistics of the dense model
   * @param progress told after every block
   */
  public Allocation settle(
      Allocation preview,
      ImportanceMap importance,
      Statistics statistics,
      Optional<TokenWindows> windows,
      Progress progress) {
    if (recipe.search().isEmpty()) {
      return preview;
    }
    return recipe
        .search()
        .get()
        .search(
            preview,
            locks,
            decoder,
            allocation -> pruned(choose(allocation, importance, statistics, progress)),
            windows.orElseThrow(),
            progress);
  }

  private Decoder pruned(Choice choice) {
    return decoder.withBlocks(
        new CutBlocks(
            decoder.blocks(), choice.blocks(), choice.compensation(), decoder.config().headSize()));
  }

  /**
   * What is kept and repaired, as the recipe's schedule says.
   *
   * @param importance of the dense model; a sequential schedule scores anew
   * @param statistics of the dense model: all that {@link Recipe#denseCollectors} and {@link
   *     Recipe#measurements} measure
   * @param windows read by sequential schedules only
   * @param journal where an interrupted sequential pass may have left its position
   * @param progress told after every block, or every batch of every block
   */
  public Choice choose(
      Allocation allocation,
      ImportanceMap importance,
      Statistics statistics,
      Optional<TokenWindows> windows,
      PassJournal journal,
      Progress progress) {
    return recipe.schedule() == Recipe.Schedule.DENSE
        ? choose(allocation, importance, statistics, progress)
        : new SequentialPass(allocation, statistics, progress).run(windows.orElseThrow(), journal);
  }

  private Choice choose(
      Allocation allocation, ImportanceMap importance, Statistics statistics, Progress progress) {
    ChoiceBuilder choice = new ChoiceBuilder(decoder.config().shapes());
    int blocks = decoder.blocks().blocks();
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      for (int block = 0; block < blocks; block++) {
        progress.report("Choosing the units of block " + block + " of " + blocks, block, blocks);
        BlockScores scores =
            new BlockScores(
                importance.scores(SubLayer.attention(block)),
                importance.scores(SubLayer.feedForward(block)));
        try (LazyBlock weights = new LazyBlock(decoder.blocks(), block)) {
          for (SubLayerKind kind : SubLayerKind.values()) {
            decide(choice, new SubLayer(block, kind), scores, allocation, weights, statistics);
          }
        }
      }
    }
    Choice units = choice.build();
    return allocation.keptHidden().isEmpty()
        ? units
        : units.on(hidden(allocation.keptHidden().getAsInt(), statistics));
  }

  private HiddenPlan hidden(int count, Statistics statistics) {
    double[] scores = recipe.hiddenScores(decoder.config(), statistics).orElseThrow().scores();
    int[] bestFirst =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer channel) -> -scores[channel]))
            .mapToInt(Integer::intValue)
            .toArray();
    return new HiddenPlan(scores.length, UnitSet.of(Arrays.copyOf(bestFirst, count)));
  }

  /** Selects and repairs one sub-layer. */
  private void decide(
      ChoiceBuilder choice,
      SubLayer subLayer,
      BlockScores scores,
      Allocation allocation,
      Supplier<BlockWeights> weights,
      Statistics statistics) {
    BlockShape dense = decoder.blocks().shape(subLayer.block());
    int units = dense.units(subLayer.kind());
    int count = allocation.kept(subLayer);
    if (count == units) {
      return;
    }
    MeasuredSubLayer measured =
        new MeasuredSubLayer(
            subLayer, BlockPlan.keepAll(dense), decoder.config().headSize(), weights, statistics);
    UnitSet kept = count == 0 ? UnitSet.of() : select(measured, scores.of(subLayer.kind()), count);
    if (kept.size() != count) {
      throw new IllegalStateException(
          "asked for " + count + " units of " + subLayer.label() + ", got " + kept.size());
    }
    choice.decide(subLayer, kept, recipe.compensator().repair(measured, kept));
  }

  /** As the recipe says, around what was picked by hand. */
  private UnitSet select(MeasuredSubLayer subLayer, double[] scores, int count) {
    UnitSet chosen = recipe.selector().select(subLayer, scores, count);
    HandPicked picked = locks.pickedOf(subLayer.subLayer());
    return picked.isEmpty() ? chosen : UnitSet.of(picked.honour(chosen.toArray(), scores));
  }

  /** Goes through the blocks, measuring each on the outputs of what was pruned before it. */
  private final class SequentialPass {
    private final Allocation allocation;
    private final Statistics dense;
    private final Progress progress;
    private final ChoiceBuilder choice = new ChoiceBuilder(decoder.config().shapes());
    private long done;
    private long steps;

    SequentialPass(Allocation allocation, Statistics dense, Progress progress) {
      this.allocation = allocation;
      this.dense = dense;
      this.progress = progress;
    }

    Choice run(TokenWindows windows, PassJournal journal) {
      int blocks = decoder.blocks().blocks();
      List<List<SubLayerKind>> stages = recipe.schedule().stages();
      try (TorchScope scope = TorchScope.open(decoder.device());
          HiddenStates states = HiddenStates.embed(decoder, windows.toArray())) {
        long perBlock = 2L * stages.size() * states.batches();
        steps = perBlock * blocks;
        // What is remembered of a finished block is the choice: statistics may be large.
        PassJournal.Position start =
            journal.resume(states).orElse(new PassJournal.Position(0, new Statistics(Map.of())));
        choice.recall(start.measured());
        done = perBlock * start.nextBlock();
        for (int block = start.nextBlock(); block < blocks; block++) {
          for (List<SubLayerKind> stage : stages) {
            prune(block, stage, states);
          }
          journal.finished(block, choice.remembered(), states);
        }
      }
      return choice.build();
    }

    private void prune(int block, List<SubLayerKind> stage, HiddenStates states) {
      try (TorchScope scope = TorchScope.open();
          LazyBlock whole = new LazyBlock(decoder.blocks(), block)) {
        try (BlockWeights weights = only(stage, whole.get())) {
          Statistics statistics = dense.with(measure(block, weights, states));
          BlockScores scores = recipe.scorer().score(block, weights.shape(), statistics);
          for (SubLayerKind kind : stage) {
            decide(choice, new SubLayer(block, kind), scores, allocation, whole, statistics);
          }
        }
        CutBlocks cut =
            new CutBlocks(
                decoder.blocks(),
                choice.build().blocks(),
                choice.build().compensation(),
                decoder.config().headSize());
        try (BlockWeights pruned = cut.load(block);
            BlockWeights moving = only(stage, pruned)) {
          for (int batch = 0; batch < states.batches(); batch++) {
            progress.report("Passing on block " + block, done++, steps);
            states.advance(batch, block, moving);
          }
        }
      }
    }

    private Statistics measure(int block, BlockWeights weights, HiddenStates states) {
      try (BlockMeasurement measurement =
          new BlockMeasurement(block, weights, recipe.collectors())) {
        for (int batch = 0; batch < states.batches(); batch++) {
          progress.report("Measuring block " + block, done++, steps);
          states.observe(batch, block, weights, measurement);
        }
        return measurement.finish();
      }
    }

    /** A block without the sub-layers of other stages; closing it leaves the whole one open. */
    private static BlockWeights only(List<SubLayerKind> stage, BlockWeights whole) {
      if (stage.size() == SubLayerKind.values().length) {
        return whole.borrowed();
      }
      return whole.without(
          stage.get(0) == SubLayerKind.ATTENTION
              ? SubLayerKind.FEED_FORWARD
              : SubLayerKind.ATTENTION);
    }
  }

  /** A block that is loaded when first asked for. */
  private static final class LazyBlock implements Supplier<BlockWeights>, AutoCloseable {
    private final BlockSource source;
    private final int block;
    private BlockWeights weights;

    LazyBlock(BlockSource source, int block) {
      this.source = source;
      this.block = block;
    }

    @Override
    public BlockWeights get() {
      if (weights == null) {
        weights = source.load(block);
      }
      return weights;
    }

    @Override
    public void close() {
      if (weights != null) {
        weights.close();
      }
    }
  }

  /**
   * The outcome.
   *
   * @param blocks one per block of the dense model
   * @param hidden channels of the residual stream; empty where all stay
   */
  public record Choice(
      List<BlockPlan> blocks, Compensation compensation, Optional<HiddenPlan> hidden) {
    /** With all hidden channels. */
    public Choice(List<BlockPlan> blocks, Compensation compensation) {
      this(blocks, compensation, Optional.empty());
    }

    public Choice {
      blocks = List.copyOf(blocks);
    }

    private Choice on(HiddenPlan channels) {
      return new Choice(blocks, compensation, Optional.of(channels));
    }
  }
}
