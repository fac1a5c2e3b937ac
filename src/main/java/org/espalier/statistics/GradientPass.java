package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.Autograd;
import org.espalier.torch.Kernels;
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
 * How the loss of next-token prediction depends on the weights: {@link Salience} of every slice
 * that goes with a unit, or with a channel of the residual stream.
 *
 * <p>Gradients stream: the inputs of all blocks are kept from one forward pass; then, from the last
 * block to the first, a block runs forward once more with its gradients recorded, and backward from
 * the derivative by its output. Only one block has gradients at any time, three tensors of its size
 * with the second order and one without, and they are reduced to one value per slice before the
 * next block comes. The loss is the mean over windows of the window's mean over its predicted
 * tokens.
 */
public final class GradientPass implements SubLayerMeasurement {
  private static final String KERNELS = "torchscript/gradients.py";

  /** What slices go with. */
  public enum Slices {
    /** Units of sub-layers, laid out as {@link CoupledSlices} says. */
    UNITS,
    /** Channels of the residual stream, laid out as {@link HiddenSlices} says. */
    HIDDEN_CHANNELS
  }

  private final int windows;
  private final boolean secondOrder;
  private final Slices slices;

  /**
   * A measurement of units.
   *
   * @param windows calibration windows to use, from the first; 0 for all
   * @param secondOrder as below
   */
  public GradientPass(int windows, boolean secondOrder) {
    this(windows, secondOrder, Slices.UNITS);
  }

  /**
   * A measurement.
   *
   * @param windows calibration windows to use, from the first; 0 for all
   * @param secondOrder whether the squared gradients of single windows are measured too, which
   *     takes one backward pass per window instead of one per batch
   */
  public GradientPass(int windows, boolean secondOrder, Slices slices) {
    this.windows = windows;
    this.secondOrder = secondOrder;
    this.slices = slices;
  }

  @Override
  public String id() {
    return (slices == Slices.UNITS ? "gradients-1, " : "hiddenGradients-1, ")
        + (secondOrder ? "second order" : "first order")
        + (windows == 0 ? "" : ", first " + windows);
  }

  @Override
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Salience salience : measured()) {
      if (slices == Slices.UNITS) {
        names.add(salience.statistic());
      } else {
        names.add(HiddenSlices.ofSubLayer(salience.statistic()));
        names.add(HiddenSlices.ofEnds(salience.statistic()));
      }
    }
    return names;
  }

  private List<Salience> measured() {
    return secondOrder
        ? List.of(Salience.values())
        : List.of(Salience.FIRST_ORDER, Salience.FIRST_ORDER_ABSOLUTE);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GradientPass pass && id().equals(pass.id());
  }

  @Override
  public int hashCode() {
    return id().hashCode();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The journal counts blocks from the last one, in the order in which they are finished.
   *
   * @throws EspalierException if the windows leave nothing to predict
   */
  @Override
  public Statistics measure(
      Decoder decoder, TokenWindows text, PassJournal journal, Progress progress) {
    if (text.length() < 2) {
      throw new EspalierException(
          "Gradients need calibration windows of at least 2 tokens, because each token is predicted"
              + " from those before it; choose longer windows.");
    }
    TokenWindows used = windows == 0 || windows >= text.count() ? text : text.first(windows);
    try (TorchScope scope = TorchScope.open(decoder.device());
        Pass pass = new Pass(decoder, used, progress)) {
      return pass.run(journal);
    }
  }

  /** One measurement on its way. */
  private final class Pass implements AutoCloseable {
    private final Decoder decoder;
    private final TokenWindows text;
    private final Progress progress;
    private final int blocks;
    private final long steps;
    private final String memory;

    /** Inputs of the blocks from the first; those of finished blocks are closed. */
    private final List<HiddenStates> inputs = new ArrayList<>();

    /** Of embedding, final norm and head; null where units are measured. */
    private final EndGradients ends;

    /** The derivative of the loss by the output of the block whose turn it is. */
    private HiddenStates derivatives;

    private long done;

    Pass(Decoder decoder, TokenWindows text, Progress progress) {
      this.decoder = decoder;
      this.text = text;
      this.progress = progress;
      blocks = decoder.blocks().blocks();
      inputs.add(HiddenStates.embed(decoder, text.toArray()));
      derivatives = inputs.get(0).fork();
      ends = slices == Slices.HIDDEN_CHANNELS ? new EndGradients(decoder, text, secondOrder) : null;
      // Forward once to keep the inputs; forward again and backward, which costs two forwards.
      steps = (4L * blocks + 1) * inputs.get(0).batches();
      memory = memory();
    }

    /** What streaming saves, in words. */
    private String memory() {
      long largest = 0;
      long all = 0;
      for (int block = 0; block < blocks; block++) {
        long bytes = 0;
        for (WeightSlot matrix : matrices(decoder.blocks().shape(block))) {
          long[] dimensions =
              matrix.dimensions(
                  decoder.blocks().shape(block),
                  decoder.config().hiddenSize(),
                  decoder.config().headSize());
          bytes += Float.BYTES * dimensions[0] * dimensions[1];
        }
        largest = Math.max(largest, bytes);
        all += bytes;
      }
      int copies = secondOrder ? 3 : 1;
      return "%s MB of gradients at a time, the whole model's take %s MB"
          .formatted(megabytes(copies * largest), megabytes(copies * all));
    }

    private static long megabytes(long bytes) {
      return Math.max(1, Math.round(bytes / 1e6));
    }

    Statistics run(PassJournal journal) {
      PassJournal.Position start =
          journal.resume(derivatives).orElse(new PassJournal.Position(0, new Statistics(Map.of())));
      int left = blocks - start.nextBlock();
      forward(left);
      Statistics statistics = start.measured();
      if (start.nextBlock() == 0) {
        deriveLoss();
        if (ends != null) {
          statistics = onEnds(ends.behind());
        }
      }
      done = steps - 3L * left * derivatives.batches();
      for (int block = left - 1; block >= 0; block--) {
        statistics = statistics.with(backward(block));
        journal.finished(blocks - 1 - block, statistics, derivatives);
      }
      if (ends != null) {
        statistics = withEmbedding(statistics);
      }
      progress.report("Measured the gradients", steps, steps);
      return statistics;
    }

    /** The same vectors for every sub-layer; one row of values for each salience. */
    private Statistics onEnds(double[][] values) {
      Map<String, double[]> named = new HashMap<>();
      List<Salience> measured = measured();
      for (int term = 0; term < measured.size(); term++) {
        named.put(HiddenSlices.ofEnds(measured.get(term).statistic()), values[term]);
      }
      Map<SubLayer, Map<String, double[]>> all = new HashMap<>();
      for (int block = 0; block < blocks; block++) {
        for (SubLayerKind kind : SubLayerKind.values()) {
          if (decoder.blocks().shape(block).units(kind) > 0) {
            all.put(new SubLayer(block, kind), named);
          }
        }
      }
      return new Statistics(all);
    }

    /** Puts the embedding before norm and head. */
    private Statistics withEmbedding(Statistics statistics) {
      double[][] embedding = ends.embedding(derivatives);
      SubLayer any = statistics.subLayers().iterator().next();
      List<Salience> measured = measured();
      for (int term = 0; term < measured.size(); term++) {
        double[] behind =
            statistics.vector(any, HiddenSlices.ofEnds(measured.get(term).statistic()));
        embedding[term] =
            DoubleStream.concat(Arrays.stream(embedding[term]), Arrays.stream(behind)).toArray();
      }
      return statistics.with(onEnds(embedding));
    }

    /** Keeps the inputs of the first {@code left} blocks and, if these are all, the last output. */
    private void forward(int left) {
      for (int block = 0; block < (left == blocks ? left : left - 1); block++) {
        HiddenStates next = inputs.get(block).fork();
        inputs.add(next);
        try (BlockWeights weights = decoder.blocks().load(block)) {
          for (int batch = 0; batch < next.batches(); batch++) {
            report("Keeping the input of block " + (block + 1), 1);
            next.advance(batch, block, weights);
          }
        }
      }
    }

    private void report(String stage, int cost) {
      progress.report(stage, done, steps);
      done += cost;
    }

    private void deriveLoss() {
      HiddenStates last = inputs.remove(blocks);
      try {
        int window = 0;
        for (int batch = 0; batch < last.batches(); batch++) {
          report("Deriving the loss", 1);
          try (TorchScope scope = TorchScope.open()) {
            List<NDArray> rows = new ArrayList<>();
            for (int row = 0; row < last.batch(batch).getShape().get(0); row++) {
              NDArray hidden = TorchFunctions.rows(last.batch(batch), row, 1);
              rows.add(
                  ends == null
                      ? lossDerivative(hidden, window)
                      : ends.lossDerivative(hidden, window));
              window++;
            }
            derivatives.set(batch, Kernels.of(KERNELS).call("join", rows));
          }
        }
      } finally {
        last.close();
      }
    }

    /** The derivative of one window's loss by its last hidden state [1, T, d]. */
    private NDArray lossDerivative(NDArray hidden, int window) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray parameter = Autograd.parameter(hidden);
        try (Autograd autograd = Autograd.record()) {
          autograd.backward(
              Kernels.of(KERNELS)
                  .call(
                      "next_token_loss",
                      decoder.logits(parameter),
                      scope.tokens(text.window(window))));
        }
        return scope.keep(Autograd.gradients(List.of(parameter)).get(0));
      }
    }

    private Statistics backward(int block) {
      try (HiddenStates input = inputs.remove(block);
          TorchScope scope = TorchScope.open();
          BlockWeights weights = decoder.blocks().load(block)) {
        Map<WeightSlot, NDArray> tensors = weights.exchangeableTensors();
        List<WeightSlot> matrices = recorded(weights);
        List<NDArray> parameters = new ArrayList<>();
        for (WeightSlot matrix : matrices) {
          NDArray parameter = Autograd.parameter(weights.require(matrix));
          parameters.add(parameter);
          tensors.put(matrix, parameter);
        }
        try (BlockWeights recorded = new BlockWeights(weights.shape(), tensors, () -> {})) {
          return secondOrder
              ? eachWindow(block, recorded, input, matrices, parameters)
              : allWindows(block, recorded, input, matrices, parameters);
        }
      }
    }

    private Statistics allWindows(
        int block,
        BlockWeights weights,
        HiddenStates input,
        List<WeightSlot> matrices,
        List<NDArray> parameters) {
      for (int batch = 0; batch < input.batches(); batch++) {
        reportBlock(block);
        try (TorchScope scope = TorchScope.open()) {
          derivatives.set(
              batch, derivative(block, weights, input.batch(batch), derivatives.batch(batch)));
        }
      }
      try (TorchScope scope = TorchScope.open()) {
        List<NDArray> gradients = Autograd.gradients(parameters);
        Map<WeightSlot, double[][]> slices = new EnumMap<>(WeightSlot.class);
        for (int m = 0; m < matrices.size(); m++) {
          // The recorded loss is the sum over windows.
          NDArray mean = gradients.get(m).divi(text.count());
          NDArray values =
              Kernels.of(KERNELS)
                  .call("first_order", parameters.get(m), mean, along(matrices.get(m)));
          slices.put(matrices.get(m), TensorRows.of(values));
        }
        return statistics(block, weights.shape(), slices);
      }
    }

    private Statistics eachWindow(
        int block,
        BlockWeights weights,
        HiddenStates input,
        List<WeightSlot> matrices,
        List<NDArray> parameters) {
      try (TorchScope scope = TorchScope.open()) {
        List<NDArray> means = new ArrayList<>();
        List<NDArray> squares = new ArrayList<>();
        for (NDArray parameter : parameters) {
          means.add(Kernels.of(KERNELS).call("zeros", parameter));
          squares.add(Kernels.of(KERNELS).call("zeros", parameter));
        }
        for (int batch = 0; batch < input.batches(); batch++) {
          reportBlock(block);
          try (TorchScope inner = TorchScope.open()) {
            List<NDArray> rows = new ArrayList<>();
            for (int row = 0; row < input.batch(batch).getShape().get(0); row++) {
              rows.add(
                  derivative(
                      block,
                      weights,
                      TorchFunctions.rows(input.batch(batch), row, 1),
                      TorchFunctions.rows(derivatives.batch(batch), row, 1)));
              try (TorchScope innermost = TorchScope.open()) {
                Kernels.of(KERNELS)
                    .apply(
                        "add_window",
                        Autograd.gradients(parameters),
                        means,
                        squares,
                        1.0 / text.count());
              }
              Autograd.clear(parameters);
            }
            derivatives.set(batch, Kernels.of(KERNELS).call("join", rows));
          }
        }
        Map<WeightSlot, double[][]> slices = new EnumMap<>(WeightSlot.class);
        for (int m = 0; m < matrices.size(); m++) {
          NDArray values =
              Kernels.of(KERNELS)
                  .call(
                      "second_order",
                      parameters.get(m),
                      means.get(m),
                      squares.get(m),
                      along(matrices.get(m)));
          slices.put(matrices.get(m), TensorRows.of(values));
        }
        return statistics(block, weights.shape(), slices);
      }
    }

    private void reportBlock(int block) {
      report("Gradients of block " + block + " of " + blocks + " (" + memory + ")", 3);
    }

    /**
     * Adds to the gradients of the weights.
     *
     * @param input of the block, [windows, T, d]
     * @param behind derivative of the loss by its output
     * @return derivative of the loss by its input
     */
    private NDArray derivative(int block, BlockWeights weights, NDArray input, NDArray behind) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray parameter = Autograd.parameter(input);
        try (Autograd autograd = Autograd.record()) {
          autograd.backward(decoder.forward(block, weights, parameter), behind);
        }
        return scope.keep(Autograd.gradients(List.of(parameter)).get(0));
      }
    }

    private Statistics statistics(int block, BlockShape shape, Map<WeightSlot, double[][]> slices) {
      Map<SubLayer, Map<String, double[]>> vectors = new HashMap<>();
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (shape.units(kind) > 0) {
          Map<String, double[]> named = new HashMap<>();
          List<Salience> measured = measured();
          for (int term = 0; term < measured.size(); term++) {
            int row = term;
            String statistic = measured.get(term).statistic();
            named.put(
                ends == null ? statistic : HiddenSlices.ofSubLayer(statistic),
                order(kind, slices.keySet()).stream()
                    .flatMapToDouble(matrix -> Arrays.stream(slices.get(matrix)[row]))
                    .toArray());
          }
          vectors.put(new SubLayer(block, kind), named);
        }
      }
      return new Statistics(vectors);
    }

    private List<WeightSlot> order(SubLayerKind kind, Set<WeightSlot> measured) {
      return ends == null
          ? CoupledSlices.matrices(kind)
          : measured.stream().filter(slot -> slot.kind() == kind).toList();
    }

    /** The tensors of a block whose slices are measured. */
    private List<WeightSlot> recorded(BlockWeights weights) {
      if (ends == null) {
        return matrices(weights.shape());
      }
      List<WeightSlot> tensors = new ArrayList<>();
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (weights.shape().units(kind) > 0) {
          tensors.addAll(HiddenSlices.tensors(kind, weights));
        }
      }
      return tensors;
    }

    /** The dimension that runs along one slice; -1 where a slice is a single number. */
    private int along(WeightSlot slot) {
      if (ends == null) {
        return CoupledSlices.along(slot);
      }
      return HiddenSlices.along(slot);
    }

    @Override
    public void close() {
      if (ends != null) {
        ends.close();
      }
      derivatives.close();
      inputs.forEach(HiddenStates::close);
    }
  }

  private static List<WeightSlot> matrices(BlockShape shape) {
    List<WeightSlot> matrices = new ArrayList<>();
    for (SubLayerKind kind : SubLayerKind.values()) {
      if (shape.units(kind) > 0) {
        matrices.addAll(CoupledSlices.matrices(kind));
      }
    }
    return matrices;
  }
}
