package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;

/**
 * Rows of tokens that branch: a context, and behind it several continuations that each see the
 * context and themselves but not one another. One pass over such a row computes the keys and values
 * of the context once for all of its continuations.
 *
 * <p>Holds the rotary angles of its positions and the masks of its rows until closed; safe to use
 * for every block in turn.
 */
public final class Branches implements AutoCloseable {
  /** Branch of the tokens that all others of a row see. */
  public static final int CONTEXT = 0;

  private final TensorStore store;
  private final NDArray positions;
  private final NDArray branches;
  private final RotaryTables tables;
  private final int longest;
  private final Map<RotaryTable, Angles> angles = new HashMap<>();
  private final Map<Integer, NDArray> masks = new HashMap<>();

  /**
   * Of every token, for the blocks that use one table.
   *
   * @param cosines [B, T, 1, e]
   * @param sines [B, T, 1, e]
   */
  record Angles(NDArray cosines, NDArray sines) {}

  /**
   * Rows of equal length T.
   *
   * @param positions [B, T], where a token stands in its own text, from 0
   * @param branches [B, T], {@link #CONTEXT}, or which continuation of its row a token belongs to;
   *     a negative number marks padding, which has to stand behind everything else
   */
  Branches(RotaryTables tables, TensorStore store, int[][] positions, int[][] branches) {
    this.store = store;
    this.tables = tables;
    longest = Arrays.stream(positions).flatMapToInt(Arrays::stream).max().orElse(0) + 1;
    try (TorchScope scope = TorchScope.open(store.device())) {
      this.positions = store.adopt(scope.tokens(positions));
      this.branches = store.adopt(scope.tokens(branches));
    }
  }

  private NDArray at(NDArray table) {
    return Kernels.of(Decoder.KERNELS).call("rows_at_positions", table, positions);
  }

  /** The rotary angles of one block. */
  Angles angles(int block) {
    return angles.computeIfAbsent(
        tables.of(block, longest),
        table -> {
          try (TorchScope scope = TorchScope.open(store.device())) {
            return new Angles(
                store.adopt(at(table.cosines(0, longest))),
                store.adopt(at(table.sines(0, longest))));
          }
        });
  }

  /**
   * What each token sees, [B, 1, T, T], to be added to the scores.
   *
   * @param window how many latest positions a query sees; 0 means all
   */
  NDArray mask(int window) {
    return masks.computeIfAbsent(
        window,
        latest -> {
          try (TorchScope scope = TorchScope.open(store.device())) {
            return store.adopt(
                Kernels.of(Decoder.KERNELS).call("branch_mask", positions, branches, latest));
          }
        });
  }

  @Override
  public void close() {
    store.close();
  }
}
