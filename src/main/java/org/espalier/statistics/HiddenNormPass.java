package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Size of every slice of every tensor that goes with a channel of the residual stream, laid out as
 * {@link HiddenSlices} says, by the statistics of {@link SliceNormCollector}; needs no text.
 */
public enum HiddenNormPass implements SubLayerMeasurement {
  INSTANCE;

  private static final String KERNELS = "torchscript/gradients.py";
  private static final List<String> STATISTICS =
      List.of(SliceNormCollector.ABSOLUTE_SUM, SliceNormCollector.SQUARED_SUM);

  @Override
  public String id() {
    return "hiddenNorms-1";
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(
        STATISTICS.stream()
            .flatMap(name -> Stream.of(HiddenSlices.ofSubLayer(name), HiddenSlices.ofEnds(name)))
            .toList());
  }

  @Override
  public boolean readsActivations() {
    return false;
  }

  @Override
  public Statistics measure(
      Decoder decoder, TokenWindows windows, PassJournal journal, Progress progress) {
    Map<SubLayer, Map<String, double[]>> vectors = new HashMap<>();
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      double[][] ends =
          joined(
              Stream.of(
                  norms(decoder.embeddingTable(), 0),
                  norms(decoder.finalNorm(), -1),
                  norms(decoder.head(), 0)));
      int blocks = decoder.blocks().blocks();
      for (int block = 0; block < blocks; block++) {
        progress.report("Sizes of hidden channels in block " + block, block, blocks);
        try (TorchScope inner = TorchScope.open();
            BlockWeights weights = decoder.blocks().load(block)) {
          for (SubLayerKind kind : SubLayerKind.values()) {
            if (weights.shape().units(kind) > 0) {
              vectors.put(new SubLayer(block, kind), named(slices(kind, weights), ends));
            }
          }
        }
      }
    }
    return new Statistics(vectors);
  }

  private static double[][] slices(SubLayerKind kind, BlockWeights weights) {
    List<WeightSlot> tensors = HiddenSlices.tensors(kind, weights);
    return joined(
        tensors.stream().map(slot -> norms(weights.require(slot), HiddenSlices.along(slot))));
  }

  private static double[][] norms(NDArray weight, int along) {
    try (TorchScope scope = TorchScope.open()) {
      return TensorRows.of(Kernels.of(KERNELS).call("norms", weight, along));
    }
  }

  private static double[][] joined(Stream<double[][]> parts) {
    return parts
        .reduce(
            (first, second) ->
                new double[][] {
                  joined(first[0], second[0]), joined(first[1], second[1]),
                })
        .orElseThrow();
  }

  private static double[] joined(double[] first, double[] second) {
    return DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private static Map<String, double[]> named(double[][] own, double[][] ends) {
    Map<String, double[]> named = new HashMap<>();
    for (int s = 0; s < STATISTICS.size(); s++) {
      named.put(HiddenSlices.ofSubLayer(STATISTICS.get(s)), own[s]);
      named.put(HiddenSlices.ofEnds(STATISTICS.get(s)), ends[s]);
    }
    return named;
  }
}
