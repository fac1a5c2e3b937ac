package org.espalier.statistics;

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
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, used(windows))) {
      return new Passes(decoder, states, progress).run(journal);
    }
  }

  /**
   * How long {@link #measure} takes, in words, from one batch through one block.
   *
   * @param times how often it is to be done
   */
  public String expectedTime(Decoder decoder, TokenWindows windows, int times, Progress progress) {
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, used(windows))) {
      return EntropyProbe.words(
          times * new Passes(decoder, states, progress).probe.expectedSeconds(0));
    }
  }

  private int[][] used(TokenWindows windows) {
    return (sequences == 0 || sequences >= windows.count() ? windows : windows.first(sequences))
        .toArray();
  }

  /** One measurement on its way. */
  private final class Passes {
    private final Decoder decoder;
    private final HiddenStates states;
    private final EntropyProbe probe;
    private final int blocks;

    Passes(Decoder decoder, HiddenStates states, Progress progress) {
      this.decoder = decoder;
      this.states = states;
      blocks = decoder.blocks().blocks();
      probe = new EntropyProbe(decoder, states, features, this::stepsOf, progress);
    }

    /** Two passes from this block to the last, half of it skipped in each, and the dense block. */
    private long stepsOf(int block) {
      return (2L * (blocks - block) + 1) * states.batches();
    }

    Statistics run(PassJournal journal) {
      PassJournal.Position start =
          journal.resume(states).orElse(new PassJournal.Position(0, new Statistics(Map.of())));
      Statistics statistics = start.measured();
      probe.begin(start.nextBlock());
      for (int block = start.nextBlock(); block < blocks; block++) {
        statistics = statistics.with(skip(block));
        probe.passOn(block);
        if (features == Features.LATER) {
          statistics =
              statistics.with(one(SubLayer.attention(block), probe.entropy(states, block)));
        }
        journal.finished(block, statistics, states);
      }
      probe.finish();
      return features == Features.LATER
          ? withDense(statistics, laterEntropies(statistics))
          : withDense(statistics, sameForAll(probe.entropy(states, blocks - 1)));
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
                probe.advance(fork, block, rest, stage);
              }
              entropies.put(kind, new double[features == Features.LATER ? blocks - block : 1]);
            }
          }
        }
        if (features == Features.LATER) {
          forks.forEach((kind, fork) -> entropies.get(kind)[0] = probe.entropy(fork, block));
        }
        for (int later = block + 1; later < blocks && !forks.isEmpty(); later++) {
          try (BlockWeights weights = decoder.blocks().load(later)) {
            for (Map.Entry<SubLayerKind, HiddenStates> fork : forks.entrySet()) {
              probe.advance(fork.getValue(), later, weights, stage);
              if (features == Features.LATER) {
                entropies.get(fork.getKey())[later - block] = probe.entropy(fork.getValue(), later);
              }
            }
          }
        }
        if (features != Features.LATER) {
          forks.forEach((kind, fork) -> entropies.get(kind)[0] = probe.entropy(fork, blocks - 1));
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
