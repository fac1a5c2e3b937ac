package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;

/**
 * The sum of x xᵀ over tokens, [n, n], with the sum of x, [n], in double precision on the device
 * until closed.
 */
final class SecondMoments implements AutoCloseable {
  private static final String KERNELS = "torchscript/statistics.py";

  private long tokens;
  private TensorStore store;
  private NDArray products;
  private NDArray sums;

  /**
   * Adds tokens.
   *
   * @param x [windows, tokens, n]
   */
  void add(NDArray x) {
    try (TorchScope scope = TorchScope.open()) {
      NDArray rows = DoublePrecision.rows(x);
      tokens += rows.getShape().get(0);
      if (store == null) {
        store = new TensorStore(rows.getDevice());
        products = store.adopt(Kernels.of(KERNELS).call("products", rows));
        sums = store.adopt(Kernels.of(KERNELS).call("sums", rows));
      } else {
        Kernels.of(KERNELS).apply("add_products", products, sums, rows);
      }
    }
  }

  /** The mean of x xᵀ, [n, n], in the current scope. */
  NDArray secondMoment() {
    return products.div((double) tokens);
  }

  /** The mean of x, [n], in the current scope. */
  NDArray mean() {
    return sums.div((double) tokens);
  }

  /** The mean of (x - mean)(x - mean)ᵀ, [n, n], in the current scope. */
  NDArray covariance() {
    return scatter().div((double) tokens);
  }

  /** The sum of (x - mean)(x - mean)ᵀ, [n, n], in the current scope. */
  NDArray scatter() {
    return Kernels.of(KERNELS).call("scatter", products, sums, tokens);
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
      store = null;
    }
  }
}
