package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** What lies before the first and after the last block, and the rotary angles of all. */
final class DecoderEnds implements AutoCloseable {
  private final Device device;
  private final TensorFiles files = new TensorFiles();
  private final TensorStore store;
  private final RotaryTables rotary;
  private final TensorInfo headTensor;
  private final NDArray embedding;
  private final NDArray norm;
  private NDArray head;

  DecoderEnds(DecoderLayout layout, Device device) {
    this.device = device;
    store = new TensorStore(device);
    rotary = new RotaryTables(layout.config(), device);
    headTensor = layout.head();
    try (TorchScope scope = TorchScope.open(device)) {
      embedding = store.adopt(place(layout.embedding()));
      norm = store.adopt(TorchFunctions.convert(place(layout.finalNorm()), DType.F32));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private NDArray place(TensorInfo tensor) {
    return TorchFunctions.toDevice(files.view(tensor), device);
  }

  Device device() {
    return device;
  }

  TensorFiles files() {
    return files;
  }

  RotaryTables rotary() {
    return rotary;
  }

  /** [V, d] in the element type of the checkpoint; rows are widened as they are looked up. */
  NDArray embedding() {
    return embedding;
  }

  /** [d], float32. */
  NDArray norm() {
    return norm;
  }

  /** [V, d], float32; widened when first needed. */
  synchronized NDArray head() {
    if (head == null) {
      try (TorchScope scope = TorchScope.open(device)) {
        head = store.adopt(TorchFunctions.convert(place(headTensor), DType.F32));
      }
    }
    return head;
  }

  @Override
  public void close() {
    rotary.close();
    store.close();
    files.close();
  }
}
