package org.espalier.allocation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One answer to the slider for a 70B shape: 80 blocks of 8 head groups and 28,672 channels, ten
 * blocks locked. It must fit into a frame of 16 ms on one core.
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AllocationBenchmark {
  private static final int BLOCKS = 80;
  private static final int HEAD_GROUPS = 8;
  private static final int CHANNELS = 28_672;
  private static final long HIDDEN = 8192;

  @Param({"GLOBAL", "UNIFORM", "FIXED_HEADS", "EQUAL_WIDTHS", "EQUAL_HEADS", "MULTIPLES"})
  public String structure;

  private Allocator allocator;
  private Locks locks;
  private int calls;

  @Setup
  public void prepare() {
    PrunableModel.Block block =
        new PrunableModel.Block(HEAD_GROUPS, 18 * HIDDEN * 128, CHANNELS, 3 * HIDDEN);
    PrunableModel model =
        new PrunableModel(Collections.nCopies(BLOCKS, block), 68_452_352_000L, 70_553_706_496L);
    Random random = new Random(0);
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    for (int b = 0; b < BLOCKS; b++) {
      attention.add(random.doubles(HEAD_GROUPS).map(AllocationBenchmark::skewed).toArray());
      feedForward.add(random.doubles(CHANNELS).map(AllocationBenchmark::skewed).toArray());
    }
    ImportanceMap importance = new ImportanceMap("random", attention, feedForward);
    allocator =
        switch (structure) {
          case "GLOBAL" ->
              new GlobalThresholdAllocator(
                  model, importance, Rounding.CORRECTED, SubLayerRemoval.FORBIDDEN);
          case "UNIFORM" ->
              new UniformAllocator(
                  model, importance, Rounding.CORRECTED, SubLayerRemoval.FORBIDDEN);
          case "EQUAL_WIDTHS" -> constrained(model, importance, true, true, 1);
          case "EQUAL_HEADS" -> constrained(model, importance, true, false, 1);
          case "MULTIPLES" -> constrained(model, importance, false, false, 256);
          default ->
              new FixedHeadsAllocator(
                  model,
                  importance,
                  Competition.GLOBAL,
                  160,
                  Rounding.CORRECTED,
                  SubLayerRemoval.FORBIDDEN);
        };
    locks = Locks.NONE;
    if (structure.equals("EQUAL_WIDTHS")) {
      locks = locks.with(SubLayer.attention(8), Hold.locked(6));
      return; // One width for all leaves no more to hold.
    }
    boolean equalHeads = structure.equals("EQUAL_HEADS");
    boolean multiples = structure.equals("MULTIPLES");
    for (int b = 0; b < 10; b++) {
      locks =
          locks
              .with(SubLayer.attention(b * 8), Hold.locked(equalHeads ? 6 : 8 - b % 4))
              .with(
                  SubLayer.feedForward(b * 8),
                  Hold.handSet(CHANNELS - (multiples ? 768 : 700) * b));
    }
  }

  /** AL-AM within what a target takes. */
  private static Allocator constrained(
      PrunableModel model,
      ImportanceMap importance,
      boolean equalHeads,
      boolean equalChannels,
      int channelMultiple) {
    return new ConstrainedAllocator(
        model,
        new GlobalThresholdAllocator(
            model, importance, Rounding.CORRECTED, SubLayerRemoval.FORBIDDEN),
        new WidthConstraint(
            "The target",
            equalHeads,
            equalChannels,
            Set.of(),
            channelMultiple,
            true,
            equalChannels));
  }

  /** Like standardised scores: most near zero, a long tail upwards. */
  private static double skewed(double uniform) {
    return -Math.log(uniform) - 1;
  }

  /** Every call asks for another target, as a moving slider does. */
  @Benchmark
  public Allocation allocate() {
    double ratio = 0.2 + (calls++ % 400) / 1000.0;
    return allocator.allocate(new Target(ratio, RatioDefinition.PRUNABLE), locks);
  }
}
