package org.espalier.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A stretch of one thread's work: every array that the thread makes inside is freed when the scope
 * closes, whatever made it, except those handed out by {@link #keep} or taken over by a {@link
 * TensorStore}. Scopes nest; kernels put their results into the innermost one.
 *
 * <pre>{@code
 * try (TorchScope scope = TorchScope.open(device)) {
 *   NDArray y = Kernels.core().call("silu", x);
 *   return scope.keep(y);
 * }
 * }</pre>
 */
public final class TorchScope implements AutoCloseable {
  private static final ThreadLocal<TorchScope> CURRENT = new ThreadLocal<>();

  /** Below this many notes nothing is tidied. */
  private static final int FEW = 1024;

  private final TorchScope outer;
  private final NDManager manager;
  private final NDScope made = new NDScope();

  /** Arrays that found another owner while they may still be noted in this scope. */
  private final Set<NDArray> handedOver = Collections.newSetFromMap(new IdentityHashMap<>());

  private int tidyAt = FEW;

  private TorchScope(Device device) {
    outer = CURRENT.get();
    manager = TorchRuntime.shared().rootManager().newSubManager(device);
    made.suppressNotUsedWarning();
    LiveArrays.watch(manager);
    CURRENT.set(this);
  }

  /** Opens a scope whose new arrays lie on a device, and prepares the calling thread. */
  public static TorchScope open(Device device) {
    TorchThreads.prepareCurrent();
    return new TorchScope(device);
  }

  /** Opens a scope inside the current one, on the same device. */
  public static TorchScope open() {
    return new TorchScope(current().device());
  }

  /**
   * The calling thread's innermost open scope.
   *
   * @throws IllegalStateException if there is none
   */
  public static TorchScope current() {
    TorchScope scope = CURRENT.get();
    if (scope == null) {
      throw new IllegalStateException(
          "tensor work outside of a scope; open a TorchScope around it");
    }
    return scope;
  }

  public Device device() {
    return manager.getDevice();
  }

  /** Makes arrays on this scope's device. */
  public NDManager manager() {
    return manager;
  }

  /** A new float32 array of any shape from its elements in row-major order. */
  public NDArray array(float[] elements, long... shape) {
    return manager.create(elements, new Shape(shape));
  }

  /**
   * A new float64 array from its elements in row-major order, on this scope's device, or on the
   * processor where the device has no double precision.
   */
  public NDArray doubles(double[] elements, long... shape) {
    NDManager owner = Devices.hasDoubles(device()) ? manager : manager.newSubManager(Device.cpu());
    return owner.create(elements, new Shape(shape));
  }

  /** A new int64 array [rows, columns] from equally long rows, for example token windows. */
  public NDArray tokens(int[]... rows) {
    int columns = rows[0].length;
    long[] flat = new long[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      if (rows[row].length != columns) {
        throw new IllegalArgumentException("rows of different length");
      }
      for (int column = 0; column < columns; column++) {
        flat[row * columns + column] = rows[row][column];
      }
    }
    return manager.create(flat, new Shape(rows.length, columns));
  }

  /**
   * Hands an array made in this scope to the enclosing scope, which then frees it.
   *
   * @return the same array
   */
  public NDArray keep(NDArray array) {
    if (outer == null) {
      throw new IllegalStateException(
          "no enclosing scope to hand the array to; give it to a TensorStore");
    }
    release(array);
    array.attach(outer.manager);
    return array;
  }

  /** Forgets an array that has another owner now. */
  static void release(NDArray array) {
    NDScope.unregister(array);
    TorchScope scope = CURRENT.get();
    if (scope != null && scope.outer != null) {
      scope.outer.note(array);
    }
  }

  /** Notes an array that must not be freed here; forgets those that were freed meanwhile. */
  private void note(NDArray array) {
    handedOver.add(array);
    if (handedOver.size() >= tidyAt) {
      handedOver.removeIf(noted -> ((PtNDArray) noted).isReleased());
      tidyAt = Math.max(FEW, 2 * handedOver.size());
    }
  }

  @Override
  public void close() {
    if (CURRENT.get() != this) {
      throw new IllegalStateException("scopes must be closed innermost first, by their thread");
    }
    for (NDArray array : handedOver) {
      NDScope.unregister(array);
      if (outer != null) {
        outer.note(array);
      }
    }
    made.close();
    LiveArrays.forget(manager);
    manager.close();
    CURRENT.set(outer);
  }
}
