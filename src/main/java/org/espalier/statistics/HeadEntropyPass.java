package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.espalier.corpus.TokenWindows;
import org.espalier.statistics.FinalEntropyPass.Features;
import org.espalier.task.Progress;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Entropy of the final features, or of the logits, of the dense model and of the same model with
 * each head group skipped in turn. Their distance is the transfer entropy of the head group.
 *
 * <p>The pass that skips a head group of block l starts at the kept input of that block. With L
 * blocks of K head groups that costs K·(L + 1)/2 full passes, one head group at a time.
 *
 * @param sequences calibration windows to use, from the first; 0 for all
 * @param ofLogits whether the entropy is that of the scores of the next token
 */
public record HeadEntropyPass(int sequences, boolean ofLogits) implements SubLayerMeasurement {
  private static final String NAME = "headEntropy";

  /** Name of the vector of the dense model; one value. */
  public String dense() {
    return (ofLogits ? NAME + "OfLogits" : NAME) + ".dense";
  }

  /**
   * Name of the vector without a head group, one value for each. Nothing of a feed-forward is
   * skipped, so it has the one value of the dense model.
   */
  public String skipped() {
    return (ofLogits ? NAME + "OfLogits" : NAME) + ".skipped";
  }

  @Override
  public String id() {
    return (ofLogits ? NAME + "OfLogits" : NAME)
        + "-1"
        + (sequences == 0 ? "" : ", first " + sequences);
  }

  @Override
  public Set<String> names() {
    return Set.of(dense(), skipped());
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
    private final EntropyProbe probe;
    private final int blocks;

    Passes(Decoder decoder, HiddenStates states, Progress progress) {
      this.decoder = decoder;
      this.states = states;
      blocks = decoder.blocks().blocks();
      probe =
          new EntropyProbe(
              decoder,
              states,
              ofLogits ? Features.LOGITS : Features.FINAL,
              this::stepsOf,
              progress);
    }

    /** A pass from this block to the last for each head group, and the dense block. */
    private long stepsOf(int block) {
      long headGroups = decoder.blocks().shape(block).headGroups();
      return (headGroups * (blocks - block) + 1) * states.batches();
    }

    Statistics run(PassJournal journal) {
      PassJournal.Position start =
          journal.resume(states).orElse(new PassJournal.Position(0, new Statistics(Map.of())));
      Statistics statistics = start.measured();
      probe.begin(start.nextBlock());
      for (int block = start.nextBlock(); block < blocks; block++) {
        double[] entropies = new double[decoder.blocks().shape(block).headGroups()];
        for (int headGroup = 0; headGroup < entropies.length; headGroup++) {
          entropies[headGroup] = without(block, headGroup);
        }
        if (entropies.length > 0) {
          statistics = statistics.with(one(SubLayer.attention(block), skipped(), entropies));
        }
        probe.passOn(block);
        journal.finished(block, statistics, states);
      }
      probe.finish();
      return statistics.with(ofWhole(probe.entropy(states, blocks - 1)));
    }

    private static Statistics one(SubLayer subLayer, String name, double[] vector) {
      return new Statistics(Map.of(subLayer, Map.of(name, vector)));
    }

    private Statistics ofWhole(double entropy) {
      Map<SubLayer, Map<String, double[]>> vectors = new HashMap<>();
      double[] one = {entropy};
      for (int block = 0; block < blocks; block++) {
        BlockShape shape = decoder.blocks().shape(block);
        if (shape.headGroups() > 0) {
          vectors.put(SubLayer.attention(block), Map.of(dense(), one));
        }
        if (shape.channels() > 0) {
          vectors.put(SubLayer.feedForward(block), Map.of(dense(), one, skipped(), one));
        }
      }
      return new Statistics(vectors);
    }

    private double without(int block, int headGroup) {
      String stage = "Skipping head group " + headGroup + " of block " + block + " of " + blocks;
      try (HiddenStates fork = states.fork()) {
        try (TorchScope scope = TorchScope.open();
            BlockWeights whole = decoder.blocks().load(block);
            BlockWeights rest = without(whole, headGroup)) {
          probe.advance(fork, block, rest, stage);
        }
        for (int later = block + 1; later < blocks; later++) {
          try (BlockWeights weights = decoder.blocks().load(later)) {
            probe.advance(fork, later, weights, stage);
          }
        }
        return probe.entropy(fork, blocks - 1);
      }
    }

    /** A block whose output projection reads nothing from a head group; frees nothing. */
    private BlockWeights without(BlockWeights whole, int headGroup) {
      BlockShape shape = whole.shape();
      long width = (long) shape.queryHeadsPerGroup() * decoder.config().headSize();
      long[] columns = LongStream.range(headGroup * width, (headGroup + 1) * width).toArray();
      Map<WeightSlot, NDArray> tensors = whole.exchangeableTensors();
      tensors.computeIfPresent(
          WeightSlot.output(SubLayerKind.ATTENTION),
          (slot, output) ->
              TorchFunctions.without(output, 1, TorchScope.current().manager().create(columns)));
      return new BlockWeights(shape, tensors, () -> {});
    }
  }
}
