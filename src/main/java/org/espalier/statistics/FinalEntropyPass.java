package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Entropy of {@link Features} of the dense model, and of the same model with each sub-layer skipped
 * in turn: its branch adds nothing, the residual stream goes on. Their distance is the transfer
 * entropy of the sub-layer.
 *
 * <p>The passes that skip a sub-layer of block l start at the kept input of that block, and both go
 * through each later block while it is loaded. With L blocks that costs L + 1 full passes in all.
 */
public final class FinalEntropyPass implements SubLayerMeasurement {
  /** Of which features of the model the entropy is taken. */
  public enum Features {
    /** Hidden states after the final norm; one value. */
    FINAL("finalEntropy"),
    /**
     * Hidden states after the block of the sub-layer and after every later one, the last after the
     * final norm; one value for each of these blocks.
     */
    LATER("laterEntropy"),
    /** Scores of the next token; one value. */
    LOGITS("logitEntropy");

    private final String name;

    Features(String name) {
      this.name = name;
    }

    /** Name of the vector of the dense model. */
    public String dense() {
      return name + ".dense";
    }

    /** Name of the vector without the sub-layer. */
    public String skipped() {
      return name + ".skipped";
    }
  }

  private final int sequences;
  private final Features features;

  /**
   * @param sequences calibration windows to use, from the first; 0 for all
   */
  public FinalEntropyPass(int sequences, Features features) {
    this.sequences = sequences;
    this.features = features;
  }

  @Override
  public String id() {
    return features.name + "-1" + (sequences == 0 ? "" : ", first " + sequences);
  }

  @Override
  public Set<String> names() {
    return Set.of(features.dense(), features.skipped());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FinalEntropyPass pass && id().equals(pass.id());
  }

  @Override
  public int hashCode() {
    return id().hashCode();
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
  private final class Passes {
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
        if (features == Features.LATER) {
          statistics = statistics.with(one(SubLayer.attention(block), entropy(states, block)));
        }
        // Sub-layers without units are not skipped, but their steps were counted.
        done = before + stepsOf(block);
        journal.finished(block, statistics, states);
      }
      progress.report("Measured the transfer entropy", steps, steps);
      return features == Features.LATER
          ? withDense(statistics, laterEntropies(statistics))
          : withDense(statistics, sameForAll(entropy(states, blocks - 1)));
    }

    /** What the dense model's features after one block are told as until all are known. */
    private Statistics one(SubLayer subLayer, double entropy) {
      return new Statistics(Map.of(subLayer, Map.of(features.dense(), new double[] {entropy})));
    }

    private static IntFunction<double[]> sameForAll(double entropy) {
      return block -> new double[] {entropy};
    }

    private IntFunction<double[]> laterEntropies(Statistics statistics) {
      double[] all =
          IntStream.range(0, blocks)
              .mapToDouble(
                  block -> statistics.vector(SubLayer.attention(block), features.dense())[0])
              .toArray();
      return block -> Arrays.copyOfRange(all, block, blocks);
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
            entropy(trial, blocks - 1);
          }
          nanoseconds = System.nanoTime() - started;
        }
      }
      long seconds = Math.max(1, Math.round((steps - done) * nanoseconds / 1e9));
      return seconds < 90 ? seconds + " s" : (seconds + 30) / 60 + " min";
    }

    private Statistics skip(int block) {
      Map<SubLayerKind, HiddenStates> forks = new EnumMap<>(SubLayerKind.class);
      Map<SubLayerKind, double[]> entropies = new EnumMap<>(SubLayerKind.class);
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
              entropies.put(kind, new double[features == Features.LATER ? blocks - block : 1]);
            }
          }
        }
        if (features == Features.LATER) {
          forks.forEach((kind, fork) -> entropies.get(kind)[0] = entropy(fork, block));
        }
        for (int later = block + 1; later < blocks && !forks.isEmpty(); later++) {
          try (BlockWeights weights = decoder.blocks().load(later)) {
            for (Map.Entry<SubLayerKind, HiddenStates> fork : forks.entrySet()) {
              advance(fork.getValue(), later, weights, stage);
              if (features == Features.LATER) {
                entropies.get(fork.getKey())[later - block] = entropy(fork.getValue(), later);
              }
            }
          }
        }
        if (features != Features.LATER) {
          forks.forEach((kind, fork) -> entropies.get(kind)[0] = entropy(fork, blocks - 1));
        }
        Map<SubLayer, Map<String, double[]>> measured = new HashMap<>();
        entropies.forEach(
            (kind, values) ->
                measured.put(new SubLayer(block, kind), Map.of(features.skipped(), values)));
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

    /** Entropy of the features that states behind a block are. */
    private double entropy(HiddenStates behind, int block) {
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

    private Statistics withDense(Statistics skipped, IntFunction<double[]> dense) {
      Map<SubLayer, Map<String, double[]>> named = new HashMap<>();
      Map<Integer, double[]> known = new HashMap<>();
      for (SubLayer subLayer : skipped.subLayers()) {
        named.put(
            subLayer,
            Map.of(features.dense(), known.computeIfAbsent(subLayer.block(), dense::apply)));
      }
      return skipped.with(new Statistics(named));
    }
  }
}
