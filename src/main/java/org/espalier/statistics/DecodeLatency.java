package org.espalier.statistics;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HeldBlocks;
import org.espalier.transformer.KeyValueCache;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * How long one sub-layer takes to decode text: seconds for 128 tokens one by one at batch 1, median
 * of 10 rounds after 3 that warm up. Sub-layers of one kind and width cost the same and are timed
 * once.
 */
public final class DecodeLatency implements SubLayerMeasurement {
  public static final DecodeLatency INSTANCE = new DecodeLatency();

  /** Seconds; one value. */
  public static final String SECONDS = "decodeLatency.seconds";

  private static final int TOKENS = 128;
  private static final int WARM_UPS = 3;
  private static final int ROUNDS = 10;

  private DecodeLatency() {}

  @Override
  public String id() {
    return "decodeLatency-1";
  }

  @Override
  public Set<String> names() {
    return Set.of(SECONDS);
  }

  @Override
  public boolean readsActivations() {
    return false;
  }

  @Override
  public boolean dependsOnDevice() {
    return true;
  }

  @Override
  public Statistics measure(
      Decoder decoder, TokenWindows windows, PassJournal journal, Progress progress) {
    Map<SubLayer, Map<String, double[]>> measured = new HashMap<>();
    Map<BlockShape, double[]> known = new HashMap<>();
    int blocks = decoder.blocks().blocks();
    for (int block = 0; block < blocks; block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        progress.report("Timing the sub-layers of block " + block + " of " + blocks, block, blocks);
        BlockShape alone = alone(decoder.blocks().shape(block), kind);
        if (alone.units(kind) == 0) {
          continue;
        }
        SubLayer subLayer = new SubLayer(block, kind);
        double[] seconds =
            known.computeIfAbsent(
                alone, added -> new double[] {seconds(decoder, subLayer, progress)});
        measured.put(subLayer, Map.of(SECONDS, seconds));
      }
    }
    return new Statistics(measured);
  }

  private static BlockShape alone(BlockShape shape, SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION
        ? new BlockShape(shape.queryHeads(), shape.headGroups(), 0)
        : new BlockShape(0, 0, shape.channels());
  }

  private static double seconds(Decoder decoder, SubLayer subLayer, Progress progress) {
    double[] rounds = new double[ROUNDS];
    try (BlockSource only = new HeldBlocks(new OneSubLayer(decoder.blocks(), subLayer), true)) {
      Decoder single = decoder.withBlocks(only);
      for (int round = -WARM_UPS; round < ROUNDS; round++) {
        progress.report("Timing " + subLayer.label(), round + WARM_UPS, (long) WARM_UPS + ROUNDS);
        double elapsed = round(single);
        if (round >= 0) {
          rounds[round] = elapsed;
        }
      }
    }
    Arrays.sort(rounds);
    return (rounds[ROUNDS / 2 - 1] + rounds[ROUNDS / 2]) / 2;
  }

  private static double round(Decoder single) {
    try (KeyValueCache cache = new KeyValueCache(single, 1, TOKENS);
        TorchScope scope = TorchScope.open(single.device())) {
      NDArray token = scope.tokens(new int[] {0});
      long started = System.nanoTime();
      for (int i = 0; i < TOKENS; i++) {
        try (TorchScope step = TorchScope.open()) {
          // Reading a value waits for the device.
          single.extend(token, cache).toFloatArray();
        }
      }
      return (System.nanoTime() - started) / 1e9;
    }
  }

  /** A single block that holds a single sub-layer. */
  private static final class OneSubLayer implements BlockSource {
    private final BlockSource dense;
    private final SubLayer subLayer;
    private final BlockWeights whole;

    OneSubLayer(BlockSource dense, SubLayer subLayer) {
      this.dense = dense;
      this.subLayer = subLayer;
      whole = dense.load(subLayer.block());
    }

    @Override
    public Device device() {
      return dense.device();
    }

    @Override
    public int blocks() {
      return 1;
    }

    @Override
    public BlockShape shape(int block) {
      return alone(whole.shape(), subLayer.kind());
    }

    @Override
    public BlockWeights load(int block) {
      return whole.without(
          subLayer.kind() == SubLayerKind.ATTENTION
              ? SubLayerKind.FEED_FORWARD
              : SubLayerKind.ATTENTION);
    }

    @Override
    public void close() {
      whole.close();
    }
  }
}
