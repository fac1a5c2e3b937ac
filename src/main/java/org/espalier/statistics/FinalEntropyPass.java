package org.espalier.statistics;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Entropy of the final features (hidden states after the final norm) of the dense model, and of the
 * same model with each sub-layer skipped in turn: its branch adds nothing, the residual stream goes
 * on. Their distance is the transfer entropy of the sub-layer.
 *
 * <p>The passes that skip a sub-layer of block l start at the kept input of that block, and both go
 * through each later block while it is loaded. With L blocks that costs L + 1 full passes in all.
 */
public final class FinalEntropyPass implements SubLayerMeasurement {
  /** Entropy of the dense model's final features; one value, the same for every sub-layer. */
  public static final String DENSE = "finalEntropy.dense";

  /** Entropy of the final features without this sub-layer; one value. */
  public static final String SKIPPED = "finalEntropy.skipped";

  private final int sequences;

  /**
   * @param sequences calibration windows to use, from the first; 0 for all
   */
  public FinalEntropyPass(int sequences) {
    this.sequences = sequences;
  }

  @Override
  public String id() {
    return "finalEntropy-1" + (sequences == 0 ? "" : ", first " + sequences);
  }

  @Override
  public Set<String> names() {
    return Set.of(DENSE, SKIPPED);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public Statistics measure(
      Decoder decoder, TokenWindows windows, PassJournal journal, Progress progress) {
    TokenWindows used =
        sequences == 0 || sequences >= windows.count() ? windows : windows.first(sequences);
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, used.toArray())) {
      return new Passes(decoder, states, progress).run(journal);
    }
  }

  /** One measurement on its way. */
  private static final class Passes {
    private final Decoder decoder;
    private final HiddenStates states;
    private final Progress progress;
    private final int blocks;
    private final long steps;
    private String expected = "";
    private long done;

    Passes(Decoder decoder, HiddenStates states, Progress progress) {
      this.decoder = decoder;
      this.states = states;
      this.progress = progress;
      blocks = decoder.blocks().blocks();
      steps = (long) blocks * (blocks + 2) * states.batches();
    }

    Statistics run(PassJournal journal) {
      PassJournal.Position start =
          journal.resume(states).orElse(new PassJournal.Position(0, new Statistics(Map.of())));
      Statistics statistics = start.measured();
      for (int block = 0; block < start.nextBlock(); block++) {
        done += stepsOf(block);
      }
      if (start.nextBlock() < blocks) {
        expected = expectation(start.nextBlock());
      }
      for (int block = start.nextBlock(); block < blocks; block++) {
        long before = done;
        statistics = statistics.with(skip(block));
        try (BlockWeights weights = decoder.blocks().load(block)) {
          advance(states, block, weights, "Passing on block " + block);
        }
        // Sub-layers without units are not skipped, but their steps were counted.
        done = before + stepsOf(block);
        journal.finished(block, statistics, states);
      }
      progress.report("Measured the transfer entropy", steps, steps);
      return withDense(statistics, entropy(states));
    }

    /** Two passes from this block to the last, half of it skipped in each, and the dense block. */
    private long stepsOf(int block) {
      return (2L * (blocks - block) + 1) * states.batches();
    }

    /** In words, from one batch through one block; the first one only warms up. */
    private String expectation(int block) {
      progress.report("Estimating how long the transfer entropy takes", done, steps);
      long nanoseconds = 0;
      try (BlockWeights weights = decoder.blocks().load(block)) {
        for (int round = 0; round < 2; round++) {
          long started = System.nanoTime();
          try (HiddenStates trial = states.fork();
              TorchScope scope = TorchScope.open()) {
            trial.advance(0, block, weights);
            new FeatureEntropy(decoder.config().hiddenSize()).add(trial.batch(0));
          }
          nanoseconds = System.nanoTime() - started;
        }
      }
      long seconds = Math.max(1, Math.round((steps - done) * nanoseconds / 1e9));
      return seconds < 90 ? seconds + " s" : (seconds + 30) / 60 + " min";
    }

    private Statistics skip(int block) {
      Map<SubLayerKind, HiddenStates> forks = new EnumMap<>(SubLayerKind.class);
      String stage = "Skipping the sub-layers of block " + block + " of " + blocks;
      try {
        try (BlockWeights weights = decoder.blocks().load(block)) {
          for (SubLayerKind kind : SubLayerKind.values()) {
            if (weights.shape().units(kind) > 0) {
              HiddenStates fork = states.fork();
              forks.put(kind, fork);
              try (BlockWeights rest = weights.without(kind)) {
                advance(fork, block, rest, stage);
              }
            }
          }
        }
        for (int later = block + 1; later < blocks && !forks.isEmpty(); later++) {
          try (BlockWeights weights = decoder.blocks().load(later)) {
            for (HiddenStates fork : forks.values()) {
              advance(fork, later, weights, stage);
            }
          }
        }
        Map<SubLayer, Map<String, double[]>> measured = new HashMap<>();
        forks.forEach(
            (kind, fork) ->
                measured.put(
                    new SubLayer(block, kind), Map.of(SKIPPED, new double[] {entropy(fork)})));
        return new Statistics(measured);
      } finally {
        forks.values().forEach(HiddenStates::close);
      }
    }

    private void advance(HiddenStates moving, int block, BlockWeights weights, String stage) {
      for (int batch = 0; batch < moving.batches(); batch++) {
        progress.report(stage + ", about " + expected + " in all", done, steps);
        moving.advance(batch, block, weights);
        done++;
      }
    }

    private double entropy(HiddenStates last) {
      FeatureEntropy entropy = new FeatureEntropy(decoder.config().hiddenSize());
      for (int batch = 0; batch < last.batches(); batch++) {
        try (TorchScope scope = TorchScope.open()) {
          entropy.add(decoder.normalise(last.batch(batch)));
        }
      }
      return entropy.value();
    }

    private static Statistics withDense(Statistics skipped, double dense) {
      Map<SubLayer, Map<String, double[]>> same = new HashMap<>();
      for (SubLayer subLayer : skipped.subLayers()) {
        same.put(subLayer, Map.of(DENSE, new double[] {dense}));
      }
      return skipped.with(new Statistics(same));
    }
  }
}
