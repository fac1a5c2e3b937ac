package org.espalier.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.pruning.BlockPlan;
import org.espalier.pruning.Compensation;
import org.espalier.pruning.Plan;
import org.espalier.pruning.UnitSet;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Plans of the kinds that export targets treat differently. */
final class TestPlans {
  @FunctionalInterface
  interface Maker {
    Plan of(DecoderConfig config);
  }

  private TestPlans() {}

  static Plan keepAll(DecoderConfig config) {
    return plan(config, block -> BlockPlan.keepAll(config.shape(block)), false);
  }

  /** Attention gone in block 0, feed-forward in block 1, other widths in block 2, compensated. */
  static Plan anyWidths(DecoderConfig config) {
    return plan(
        config,
        block -> {
          BlockShape dense = config.shape(block);
          return switch (block) {
            case 0 -> new BlockPlan(dense, UnitSet.of(), UnitSet.of(1, 3, 4, 8));
            case 1 -> new BlockPlan(dense, UnitSet.of(dense.headGroups() - 1), UnitSet.of());
            default -> new BlockPlan(dense, UnitSet.of(0), UnitSet.all(dense.channels() - 3));
          };
        },
        true);
  }

  /** The first attention gone, without compensation. */
  static Plan withoutFirstAttention(DecoderConfig config) {
    return plan(
        config,
        block ->
            block == 0
                ? new BlockPlan(
                    config.shape(0), UnitSet.of(), UnitSet.all(config.shape(0).channels()))
                : BlockPlan.keepAll(config.shape(block)),
        false);
  }

  /** One kind of sub-layer gone from all blocks, with compensation in its place. */
  static Plan without(SubLayerKind kind, DecoderConfig config) {
    return plan(
        config,
        block -> {
          BlockShape dense = config.shape(block);
          return kind == SubLayerKind.ATTENTION
              ? new BlockPlan(dense, UnitSet.of(), UnitSet.all(dense.channels()))
              : new BlockPlan(dense, UnitSet.all(dense.headGroups()), UnitSet.of());
        },
        true);
  }

  /** The second half of the head groups and every other channel; the middle block is gone. */
  static Plan halfHeadsAndOneBlockLess(DecoderConfig config) {
    return plan(
        config,
        block ->
            block == 1
                ? new BlockPlan(config.shape(1), UnitSet.of(), UnitSet.of())
                : halved(config.shape(block)),
        false);
  }

  static Plan halfHeadsWithCompensation(DecoderConfig config) {
    return plan(config, block -> halved(config.shape(block)), true);
  }

  /** Three of four heads, which do not divide the hidden size of 64. */
  static Plan threeHeads(DecoderConfig config) {
    return plan(config, block -> heads(config.shape(block), 3), false);
  }

  static Plan threeHeadsWithCompensation(DecoderConfig config) {
    return plan(config, block -> heads(config.shape(block), 3), true);
  }

  static Plan lastBlockNarrow(DecoderConfig config) {
    return plan(
        config,
        block ->
            block == config.blocks() - 1
                ? heads(config.shape(block), 2)
                : BlockPlan.keepAll(config.shape(block)),
        false);
  }

  private static BlockPlan heads(BlockShape dense, int headGroups) {
    return new BlockPlan(dense, UnitSet.all(headGroups), UnitSet.all(dense.channels()));
  }

  private static BlockPlan halved(BlockShape dense) {
    int[] channels = new int[dense.channels() / 2];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = 2 * i + 1;
    }
    return new BlockPlan(
        dense,
        UnitSet.all(dense.headGroups() / 2).complement(dense.headGroups()),
        UnitSet.of(channels));
  }

  private static Plan plan(
      DecoderConfig config, Function<Integer, BlockPlan> blocks, boolean compensated) {
    List<BlockPlan> plans = new ArrayList<>();
    Map<SubLayer, float[]> biases = new HashMap<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int block = 0; block < config.blocks(); block++) {
      plans.add(blocks.apply(block));
      if (compensated) {
        biases.put(SubLayer.attention(block), vector(config.hiddenSize(), random));
        biases.put(SubLayer.feedForward(block), vector(config.hiddenSize(), random));
      }
    }
    return new Plan(
        "",
        "",
        "random",
        Map.of(),
        new Target(0, RatioDefinition.UNIT),
        "",
        plans,
        Compensation.ofBiases(biases));
  }

  private static float[] vector(int size, SplittableRandom random) {
    float[] vector = new float[size];
    for (int i = 0; i < size; i++) {
      vector[i] = (float) random.nextDouble(-0.5, 0.5);
    }
    return vector;
  }
}
