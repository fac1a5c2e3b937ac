package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** What lies before the first and after the last block, and the rotary angles of all. */
final class DecoderEnds implements AutoCloseable {
  private final Device device;
  private final TensorFiles files;
  private final TensorStore store;
  private final RotaryTables rotary;
  private final Supplier<NDArray> widenedHead;
  private final Runnable release;
  private final NDArray embedding;
  private final NDArray norm;
  private NDArray head;

  DecoderEnds(DecoderLayout layout, Device device) {
    this.device = device;
    files = new TensorFiles();
    store = new TensorStore(device);
    rotary = new RotaryTables(layout.config(), device);
    widenedHead = () -> TorchFunctions.convert(place(layout.head()), DType.F32);
    release =
        () -> {
          rotary.close();
          store.close();
          files.close();
        };
    try (TorchScope scope = TorchScope.open(device)) {
      embedding = store.adopt(place(layout.embedding()));
      norm = store.adopt(TorchFunctions.convert(place(layout.finalNorm()), DType.F32));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Some channels of other ends, which must stay open. */
  DecoderEnds(DecoderEnds whole, long[] channels) {
    device = whole.device;
    files = whole.files;
    rotary = whole.rotary;
    store = new TensorStore(device);
    widenedHead = () -> select(whole.head(), 1, channels);
    release = store::close;
    try (TorchScope scope = TorchScope.open(device)) {
      embedding = store.adopt(select(whole.embedding, 1, channels));
      norm = store.adopt(select(whole.norm, 0, channels));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static NDArray select(NDArray whole, int dimension, long[] channels) {
    return TorchFunctions.select(whole, dimension, TorchScope.current().manager().create(channels));
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
        head = store.adopt(widenedHead.get());
      }
    }
    return head;
  }

  @Override
  public void close() {
    release.run();
  }
}
