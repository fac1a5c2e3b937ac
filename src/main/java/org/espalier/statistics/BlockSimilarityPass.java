package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * How little blocks change the residual stream of the dense model: what depth pruning goes by. Both
 * sub-layers of a block carry the numbers of their block.
 */
public final class BlockSimilarityPass implements SubLayerMeasurement {
  /**
   * Mean over all tokens of the cosine between the residual stream before and after the block; one
   * value. The block influence of ShortGPT is 1 minus it. A token whose stream vanishes counts 0.5.
   */
  public static final String COSINE = "block.cosine";

  /**
   * Mean over windows of the angle, as a share of π, between the last token's residual stream
   * before this block and before the block n further on (Gromov et al., The Unreasonable
   * Ineffectiveness of the Deeper Layers, equation 7); one value for every n from 1 to what is
   * left, the last of them after the last block.
   */
  public static final String ANGLES = "block.angles";

  public static final BlockSimilarityPass INSTANCE = new BlockSimilarityPass();

  private static final String KERNELS = "torchscript/statistics.py";

  /** For the journal alone: the last token's stream before the block, [windows, d]. */
  private static final String LAST_TOKENS = "block.lastTokens";

  private BlockSimilarityPass() {}

  @Override
  public String id() {
    return "blockSimilarity-1";
  }

  @Override
  public Set<String> names() {
    return Set.of(COSINE, ANGLES);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public Statistics measure(
      Decoder decoder, TokenWindows windows, PassJournal journal, Progress progress) {
    int blocks = decoder.blocks().blocks();
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, windows.toArray())) {
      long steps = (long) blocks * states.batches();
      PassJournal.Position start =
          journal.resume(states).orElse(new PassJournal.Position(0, new Statistics(Map.of())));
      Statistics measured = start.measured();
      for (int block = start.nextBlock(); block < blocks; block++) {
        double[] last = lastTokens(states);
        double sum = 0;
        long tokens = 0;
        try (BlockWeights weights = decoder.blocks().load(block)) {
          for (int batch = 0; batch < states.batches(); batch++) {
            progress.report(
                "Comparing the input and the output of block " + block + " of " + blocks,
                (long) block * states.batches() + batch,
                steps);
            try (TensorStore store = new TensorStore(decoder.device());
                TorchScope step = TorchScope.open()) {
              NDArray before = store.adopt(states.batch(batch).duplicate());
              states.advance(batch, block, weights);
              NDArray cosines = Kernels.of(KERNELS).call("cosines", before, states.batch(batch));
              for (double cosine : cosines.toDoubleArray()) {
                sum += cosine;
                tokens++;
              }
            }
          }
        }
        // The block may have lost a sub-layer: a journal needs some place for what it remembers.
        SubLayer first = SubLayer.attention(block);
        measured =
            measured.with(
                new Statistics(
                    Map.of(first, Map.of(COSINE, new double[] {sum / tokens}, LAST_TOKENS, last))));
        journal.finished(block, measured, states);
      }
      progress.report("Compared all blocks", steps, steps);
      return finish(decoder, measured, lastTokens(states), windows.count());
    }
  }

  private static double[] lastTokens(HiddenStates states) {
    List<double[]> rows = new ArrayList<>();
    int count = 0;
    for (int batch = 0; batch < states.batches(); batch++) {
      try (TorchScope scope = TorchScope.open()) {
        double[] values =
            DoublePrecision.rows(states.batch(batch).get(":, -1:, :")).toDoubleArray();
        rows.add(values);
        count += values.length;
      }
    }
    double[] all = new double[count];
    int at = 0;
    for (double[] values : rows) {
      System.arraycopy(values, 0, all, at, values.length);
      at += values.length;
    }
    return all;
  }

  private static Statistics finish(
      Decoder decoder, Statistics measured, double[] afterLast, int windows) {
    int blocks = decoder.blocks().blocks();
    Map<SubLayer, Map<String, double[]>> named = new HashMap<>();
    for (int block = 0; block < blocks; block++) {
      double[] angles = new double[blocks - block];
      double[] from = measured.vector(SubLayer.attention(block), LAST_TOKENS);
      for (int n = 1; n <= angles.length; n++) {
        double[] to =
            block + n == blocks
                ? afterLast
                : measured.vector(SubLayer.attention(block + n), LAST_TOKENS);
        angles[n - 1] = angle(from, to, windows);
      }
      Map<String, double[]> vectors =
          Map.of(COSINE, measured.vector(SubLayer.attention(block), COSINE), ANGLES, angles);
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (decoder.blocks().shape(block).units(kind) > 0) {
          named.put(new SubLayer(block, kind), vectors);
        }
      }
    }
    return new Statistics(named);
  }

  private static double angle(double[] from, double[] to, int windows) {
    try (TorchScope scope = TorchScope.open()) {
      int width = from.length / windows;
      return Kernels.of(KERNELS)
          .callForDouble(
              "angles", scope.doubles(from, windows, width), scope.doubles(to, windows, width));
    }
  }
}
