package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.function.IntToLongFunction;
import org.espalier.statistics.FinalEntropyPass.Features;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;

/**
 * Takes the entropy of what arrives behind a block where something before it was left out, and
 * counts the steps on the way. Says at the start how long all of them take.
 */
final class EntropyProbe {
  private final Decoder decoder;
  private final HiddenStates states;
  private final Features features;
  private final IntToLongFunction stepsOf;
  private final Progress progress;
  private final int blocks;
  private final long steps;
  private String expected = "";
  private long done;

  /**
   * @param states of the whole model, moved on from block to block
   * @param stepsOf a block: how many batches go through how many blocks for it
   */
  EntropyProbe(
      Decoder decoder,
      HiddenStates states,
      Features features,
      IntToLongFunction stepsOf,
      Progress progress) {
    this.decoder = decoder;
    this.states = states;
    this.features = features;
    this.stepsOf = stepsOf;
    this.progress = progress;
    blocks = decoder.blocks().blocks();
    steps = stepsBefore(blocks);
  }

  private long stepsBefore(int block) {
    long sum = 0;
    for (int before = 0; before < block; before++) {
      sum += stepsOf.applyAsLong(before);
    }
    return sum;
  }

  /** Begins before a block, and finds out how long the rest takes. */
  void begin(int block) {
    done = stepsBefore(block);
    if (block < blocks) {
      expected = words(expectedSeconds(block));
    }
  }

  /** A time in words. */
  static String words(double seconds) {
    long whole = Math.max(1, Math.round(seconds));
    return whole < 90 ? whole + " s" : (whole + 30) / 60 + " min";
  }

  /** How long all takes from a block on, by one batch through it; the first one only warms up. */
  double expectedSeconds(int block) {
    progress.report("Estimating how long the transfer entropy takes", done, steps);
    long nanoseconds = 0;
    try (BlockWeights weights = decoder.blocks().load(block)) {
      for (int round = 0; round < 2; round++) {
        long started = System.nanoTime();
        try (HiddenStates trial = states.fork();
            TorchScope scope = TorchScope.open()) {
          trial.advance(0, block, weights);
          entropy(trial, blocks - 1);
        }
        nanoseconds = System.nanoTime() - started;
      }
    }
    return (steps - stepsBefore(block)) * nanoseconds / 1e9;
  }

  /** Sends states through a block. */
  void advance(HiddenStates moving, int block, BlockWeights weights, String stage) {
    for (int batch = 0; batch < moving.batches(); batch++) {
      progress.report(stage + ", about " + expected + " in all", done, steps);
      moving.advance(batch, block, weights);
      done++;
    }
  }

  /** Sends the states of the whole model through a block, all that was to be done there done. */
  void passOn(int block) {
    try (BlockWeights weights = decoder.blocks().load(block)) {
      advance(states, block, weights, "Passing on block " + block);
    }
    // What has no units is not skipped, but its steps were counted.
    done = stepsBefore(block + 1);
  }

  void finish() {
    progress.report("Measured the transfer entropy", steps, steps);
  }

  /** Entropy of the features that states behind a block are. */
  double entropy(HiddenStates behind, int block) {
    FeatureEntropy entropy =
        new FeatureEntropy(
            features == Features.LOGITS
                ? decoder.config().vocabularySize()
                : decoder.config().hiddenSize());
    for (int batch = 0; batch < behind.batches(); batch++) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray hidden = behind.batch(batch);
        entropy.add(
            features == Features.LOGITS
                ? decoder.logits(hidden)
                : block == blocks - 1 ? decoder.normalise(hidden) : hidden);
      }
    }
    return entropy.value();
  }
}
