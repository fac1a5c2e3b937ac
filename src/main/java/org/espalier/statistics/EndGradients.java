package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.corpus.TokenWindows;
import org.espalier.torch.Autograd;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;

/**
 * Gradients of what lies before the first and behind the last block, reduced to {@link Salience} of
 * hidden channels. One gradient of the size of the head is held at a time, three with the second
 * order.
 */
final class EndGradients implements AutoCloseable {
  private static final String KERNELS = "torchscript/gradients.py";

  private final Decoder decoder;
  private final TokenWindows text;
  private final boolean secondOrder;
  private final TensorStore store;
  private final Sums sums;

  EndGradients(Decoder decoder, TokenWindows text, boolean secondOrder) {
    this.decoder = decoder;
    this.text = text;
    this.secondOrder = secondOrder;
    store = new TensorStore(decoder.device());
    sums = new Sums(List.of(decoder.finalNorm(), decoder.head()), store);
  }

  /** Means over windows of gradients and, for the second order, of their squares. */
  private final class Sums {
    private final List<NDArray> weights;
    private final List<NDArray> means = new ArrayList<>();
    private final List<NDArray> squares = new ArrayList<>();

    Sums(List<NDArray> weights, TensorStore keeper) {
      this.weights = weights;
      try (TorchScope scope = TorchScope.open(decoder.device())) {
        for (NDArray weight : weights) {
          means.add(keeper.adopt(Kernels.of(KERNELS).call("zeros", weight)));
          if (secondOrder) {
            squares.add(keeper.adopt(Kernels.of(KERNELS).call("zeros", weight)));
          }
        }
      }
    }

    void add(List<NDArray> gradients) {
      double share = 1.0 / text.count();
      if (secondOrder) {
        Kernels.of(KERNELS).apply("add_window", gradients, means, squares, share);
      } else {
        Kernels.of(KERNELS).apply("add", gradients, means, share);
      }
    }

    /** One row for each salience, the weights one behind the other. */
    double[][] saliences() {
      double[][] joined = new double[secondOrder ? 4 : 2][0];
      for (int w = 0; w < weights.size(); w++) {
        try (TorchScope scope = TorchScope.open(decoder.device())) {
          NDArray weight = weights.get(w);
          int along = weight.getShape().dimension() == 1 ? -1 : 0;
          NDArray values =
              secondOrder
                  ? Kernels.of(KERNELS)
                      .call("second_order", weight, means.get(w), squares.get(w), along)
                  : Kernels.of(KERNELS).call("first_order", weight, means.get(w), along);
          double[][] rows = TensorRows.of(values);
          for (int term = 0; term < joined.length; term++) {
            int before = joined[term].length;
            joined[term] = Arrays.copyOf(joined[term], before + rows[term].length);
            System.arraycopy(rows[term], 0, joined[term], before, rows[term].length);
          }
        }
      }
      return joined;
    }
  }

  /**
   * The derivative of one window's loss by its last hidden state [1, T, d]; adds to the gradients
   * of norm and head.
   */
  NDArray lossDerivative(NDArray hidden, int window) {
    try (TorchScope scope = TorchScope.open()) {
      NDArray state = Autograd.parameter(hidden);
      NDArray norm = Autograd.parameter(decoder.finalNorm());
      NDArray head = Autograd.parameter(decoder.head());
      try (Autograd autograd = Autograd.record()) {
        autograd.backward(
            Kernels.of(KERNELS)
                .call(
                    "next_token_loss",
                    decoder.logits(state, norm, head),
                    scope.tokens(text.window(window))));
      }
      sums.add(Autograd.gradients(List.of(norm, head)));
      return scope.keep(Autograd.gradients(List.of(state)).get(0));
    }
  }

  /** Of final norm and head, once all windows are derived: one row for each salience. */
  double[][] behind() {
    return sums.saliences();
  }

  /**
   * Of the embedding: one row for each salience.
   *
   * @param derivatives of the windows' losses by the hidden state before the first block
   */
  double[][] embedding(HiddenStates derivatives) {
    try (TensorStore own = new TensorStore(decoder.device());
        TorchScope scope = TorchScope.open(decoder.device())) {
      NDArray table = decoder.embeddingTable();
      Sums embedding = new Sums(List.of(table), own);
      int window = 0;
      for (int batch = 0; batch < derivatives.batches(); batch++) {
        for (int row = 0; row < derivatives.batch(batch).getShape().get(0); row++) {
          try (TorchScope inner = TorchScope.open()) {
            embedding.add(
                List.of(
                    Kernels.of(KERNELS)
                        .call(
                            "rows_gradient",
                            table,
                            inner.tokens(text.window(window++)),
                            TorchFunctions.rows(derivatives.batch(batch), row, 1))));
          }
        }
      }
      return embedding.saliences();
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
