package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;

/**
 * How well a model predicts a text with single sub-layers skipped: their branch adds nothing, the
 * residual stream goes on.
 */
public final class SkippedLoss {
  private final Decoder decoder;
  private final TokenWindows windows;
  private final Progress progress;
  private final long steps;
  private long done;

  private SkippedLoss(
      Decoder decoder, TokenWindows windows, Collection<SubLayer> skipped, Progress progress) {
    this.decoder = decoder;
    this.windows = windows;
    this.progress = progress;
    int blocks = decoder.blocks().blocks();
    long passes = blocks;
    for (SubLayer subLayer : skipped) {
      passes += blocks - subLayer.block();
    }
    steps = passes;
  }

  /**
   * Mean negative log-likelihood without each of some sub-layers in turn. Passes start at the kept
   * input of the skipped sub-layer's block.
   *
   * @param progress told after every block of every pass
   * @return by sub-layer, in the order given
   */
  public static Map<SubLayer, Double> without(
      Decoder decoder, TokenWindows windows, Collection<SubLayer> skipped, Progress progress) {
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, windows.toArray())) {
      return new SkippedLoss(decoder, windows, skipped, progress).run(states, skipped);
    }
  }

  private Map<SubLayer, Double> run(HiddenStates states, Collection<SubLayer> skipped) {
    Map<SubLayer, Double> losses = new LinkedHashMap<>();
    skipped.forEach(subLayer -> losses.put(subLayer, Double.NaN));
    int blocks = decoder.blocks().blocks();
    for (int block = 0; block < blocks; block++) {
      for (SubLayer subLayer : skipped) {
        if (subLayer.block() == block) {
          try (HiddenStates fork = states.fork()) {
            losses.put(subLayer, skip(subLayer, fork));
          }
        }
      }
      try (BlockWeights weights = decoder.blocks().load(block)) {
        advance(states, block, weights, "Passing on block " + block);
      }
    }
    return losses;
  }

  private double skip(SubLayer subLayer, HiddenStates fork) {
    String stage = "Predicting without the " + subLayer.label();
    try (BlockWeights weights = decoder.blocks().load(subLayer.block());
        BlockWeights rest = weights.without(subLayer.kind())) {
      advance(fork, subLayer.block(), rest, stage);
    }
    for (int later = subLayer.block() + 1; later < decoder.blocks().blocks(); later++) {
      try (BlockWeights weights = decoder.blocks().load(later)) {
        advance(fork, later, weights, stage);
      }
    }
    return loss(fork);
  }

  private void advance(HiddenStates states, int block, BlockWeights weights, String stage) {
    progress.report(stage, done++, steps);
    for (int batch = 0; batch < states.batches(); batch++) {
      states.advance(batch, block, weights);
    }
  }

  private double loss(HiddenStates states) {
    double sum = 0;
    int window = 0;
    for (int batch = 0; batch < states.batches(); batch++) {
      long rows = states.batch(batch).getShape().get(0);
      for (int row = 0; row < rows; row++) {
        sum += loss(TorchFunctions.rows(states.batch(batch), row, 1), windows.window(window++));
      }
    }
    return sum / window;
  }

  /** Of one window; its first token is not predicted. */
  private double loss(NDArray hidden, int[] ids) {
    try (TorchScope scope = TorchScope.open()) {
      NDArray logits = decoder.logits(hidden);
      NDArray predictions = TorchFunctions.rows(logits.reshape(ids.length, -1), 0, ids.length - 1L);
      NDArray targets =
          scope.tokens(Arrays.copyOfRange(ids, 1, ids.length)).reshape(ids.length - 1L);
      return TorchFunctions.meanCrossEntropy(predictions, targets).getFloat();
    }
  }
}
