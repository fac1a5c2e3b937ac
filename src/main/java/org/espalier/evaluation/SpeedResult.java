package org.espalier.evaluation;

import java.util.List;
import org.espalier.allocation.BlockCost;

/**
 * Speed and memory of one model; medians over the rounds.
 *
 * @param prefillTokensPerSecond reading prompts, tokens of the whole batch
 * @param decodeTokensPerSecond writing new tokens with a KV cache, tokens of the whole batch
 * @param peakMemoryBytes memory of the weights plus the highest that working with them added
 * @param promptTokens tokens read for each text
 * @param newTokens tokens written for each text
 * @param rounds measured rounds after warm-up
 * @param batch texts at once
 * @param prefill quartiles of {@code prefillTokensPerSecond}
 * @param decode quartiles of {@code decodeTokensPerSecond}
 * @param bytesPerToken weights, keys and values that one written token reads at batch 1 in the
 *     middle of the writing, in the element types of the checkpoint; 0 where it was not counted
 * @param blocks parameters and products of every block, in the middle of the writing; empty where
 *     they were not counted
 */
public record SpeedResult(
    double prefillTokensPerSecond,
    double decodeTokensPerSecond,
    long peakMemoryBytes,
    int promptTokens,
    int newTokens,
    int rounds,
    String device,
    int batch,
    SpeedComparison.Spread prefill,
    SpeedComparison.Spread decode,
    long bytesPerToken,
    List<BlockCost> blocks) {
  public SpeedResult {
    blocks = List.copyOf(blocks);
  }

  /** At batch 1, of which only the medians are known. */
  public SpeedResult(
      double prefillTokensPerSecond,
      double decodeTokensPerSecond,
      long peakMemoryBytes,
      int promptTokens,
      int newTokens,
      int rounds,
      String device) {
    this(
        prefillTokensPerSecond,
        decodeTokensPerSecond,
        peakMemoryBytes,
        promptTokens,
        newTokens,
        rounds,
        device,
        1,
        SpeedComparison.Spread.of(prefillTokensPerSecond),
        SpeedComparison.Spread.of(decodeTokensPerSecond),
        0,
        List.of());
  }
}
