package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * The official roundings against the published formulas written down naively: sort everything, take
 * the threshold, compare every unit with it.
 */
class PublishedFormulaTest {
  private static final int HEADS = 8;
  private static final int CHANNELS = 50;
  private static final long HEAD = 4 * 16 * 8;
  private static final long CHANNEL = 3 * 16;

  private record Example(PrunableModel model, ImportanceMap importance) {
    static Example of(int blocks, long seed) {
      Random random = new Random(seed);
      PrunableModel.Block block = new PrunableModel.Block(HEADS, HEAD, CHANNELS, CHANNEL);
      List<double[]> attention = new ArrayList<>();
      List<double[]> feedForward = new ArrayList<>();
      for (int b = 0; b < blocks; b++) {
        attention.add(random.doubles(HEADS, -1, 1).toArray());
        feedForward.add(random.doubles(CHANNELS, -1, 1).toArray());
      }
      long prunable = blocks * block.prunableParameters();
      return new Example(
          new PrunableModel(Collections.nCopies(blocks, block), prunable, prunable),
          new ImportanceMap("test", attention, feedForward));
    }

    double[] all(SubLayerKind kind) {
      return model.subLayers().stream()
          .filter(s -> s.kind() == kind)
          .flatMapToDouble(s -> Arrays.stream(importance.scores(s)))
          .toArray();
    }
  }

  @Property(tries = 500)
  void globalThreshold(
      @ForAll @IntRange(min = 1, max = 6) int blocks,
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double ratio) {
    Example example = Example.of(blocks, seed);
    double[] heads = example.all(SubLayerKind.ATTENTION);
    double[] channels = example.all(SubLayerKind.FEED_FORWARD);
    double[][] units = new double[heads.length + channels.length][];
    for (int i = 0; i < units.length; i++) {
      units[i] =
          i < heads.length
              ? new double[] {heads[i], 10} // 512 / 48 without its fraction.
              : new double[] {channels[i - heads.length], 1};
    }
    Arrays.sort(units, (a, b) -> Double.compare(b[0], a[0]));
    float total = heads.length * 10 + channels.length;
    float wanted = total * (float) (1 - ratio);
    float cumulative = 0;
    float nearest = Float.POSITIVE_INFINITY;
    double threshold = 0;
    for (double[] unit : units) {
      cumulative += (float) unit[1];
      if (Math.abs(cumulative - wanted) < nearest) {
        nearest = Math.abs(cumulative - wanted);
        threshold = unit[0];
      }
    }
    Allocation allocation =
        new GlobalThresholdAllocator(
                example.model(), example.importance(), Rounding.OFFICIAL, SubLayerRemoval.ALLOWED)
            .allocate(new Target(ratio, RatioDefinition.PRUNABLE), Locks.NONE);
    for (SubLayer subLayer : example.model().subLayers()) {
      double limit = threshold;
      assertThat(allocation.kept(subLayer))
          .isEqualTo(above(example.importance().scores(subLayer), limit));
    }
  }

  @Property(tries = 500)
  void fixedHeadsOverTheWholeModel(
      @ForAll @IntRange(min = 1, max = 6) int blocks,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int heads,
      @ForAll @DoubleRange(min = 0.6, max = 0.9) double ratio) {
    Example example = Example.of(blocks, seed);
    PrunableModel model = example.model();
    int channels = (int) ((ratio * model.prunableParameters() - heads * (double) HEAD) / CHANNEL);
    double[] attention = example.all(SubLayerKind.ATTENTION);
    double[] feedForward = example.all(SubLayerKind.FEED_FORWARD);
    Arrays.sort(attention);
    Arrays.sort(feedForward);
    if (channels < 1 || channels > feedForward.length) {
      return;
    }
    Allocation allocation =
        allocate(example, Competition.GLOBAL, heads, new Target(ratio, RatioDefinition.PRUNABLE));
    for (SubLayer subLayer : model.subLayers()) {
      double threshold =
          subLayer.kind() == SubLayerKind.ATTENTION
              ? attention[heads - 1]
              : feedForward[channels - 1];
      assertThat(allocation.kept(subLayer))
          .isEqualTo(above(example.importance().scores(subLayer), threshold));
    }
  }

  @Property(tries = 500)
  void fixedHeadsOfEveryBlock(
      @ForAll @IntRange(min = 1, max = 6) int blocks,
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 8) int heads,
      @ForAll @DoubleRange(min = 0.2, max = 0.5) double ratio) {
    Example example = Example.of(blocks, seed);
    long perBlock = example.model().blocks().get(0).prunableParameters();
    int channels = (int) ((ratio * perBlock - (heads / blocks) * HEAD) / CHANNEL);
    if (channels < 0 || channels >= CHANNELS || heads * HEAD > ratio * blocks * perBlock) {
      return;
    }
    Allocation allocation =
        allocate(example, Competition.UNIFORM, heads, new Target(ratio, RatioDefinition.PRUNABLE));
    assertThat(allocation.keptHeadGroups()).containsOnly(HEADS - heads / blocks);
    assertThat(allocation.keptChannels()).containsOnly(CHANNELS - channels);
  }

  private static Allocation allocate(
      Example example, Competition competition, int heads, Target target) {
    return new FixedHeadsAllocator(
            example.model(),
            example.importance(),
            competition,
            heads,
            Rounding.OFFICIAL,
            SubLayerRemoval.ALLOWED)
        .allocate(target, Locks.NONE);
  }

  private static int above(double[] scores, double threshold) {
    return (int) Arrays.stream(scores).filter(score -> score > threshold).count();
  }
}
