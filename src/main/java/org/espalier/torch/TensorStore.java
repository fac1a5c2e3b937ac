package org.espalier.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Owns arrays that outlive the scope in which they were made: weights, caches, statistics. They are
 * freed when the store closes. A store may be used by any thread.
 */
public final class TensorStore implements AutoCloseable {
  private final NDManager manager;

  /** Opens an empty store. */
  public TensorStore(Device device) {
    TorchThreads.prepareCurrent();
    manager = TorchRuntime.shared().rootManager().newSubManager(device);
    LiveArrays.watch(manager);
  }

  /**
   * Takes an array over from the current scope (or another store).
   *
   * @return the same array
   */
  public NDArray adopt(NDArray array) {
    TorchScope.release(array);
    array.attach(manager);
    return array;
  }

  public Device device() {
    return manager.getDevice();
  }

  @Override
  public void close() {
    LiveArrays.forget(manager);
    manager.close();
  }
}
