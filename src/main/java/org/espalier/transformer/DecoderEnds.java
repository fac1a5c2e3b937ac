package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.function.Function;
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
  private final Supplier<NDArray> headWhenNeeded;
  private final Runnable release;
  private final NDArray embedding;
  private final NDArray norm;
  private NDArray head;

  DecoderEnds(DecoderLayout layout, Device device) {
    this.device = device;
    files = new TensorFiles();
    store = new TensorStore(device);
    rotary = new RotaryTables(layout.config(), device);
    headWhenNeeded = () -> store.adopt(TorchFunctions.convert(place(layout.head()), DType.F32));
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

  private DecoderEnds(
      DecoderEnds whole,
      Function<TensorStore, Changed> change,
      Function<TensorStore, NDArray> head) {
    device = whole.device;
    files = whole.files;
    rotary = whole.rotary;
    store = new TensorStore(device);
    headWhenNeeded = () -> head.apply(store);
    release = store::close;
    try (TorchScope scope = TorchScope.open(device)) {
      Changed changed = change.apply(store);
      embedding = changed.embedding();
      norm = changed.norm();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private record Changed(NDArray embedding, NDArray norm) {}

  /** Some channels of these ends, which must stay open. */
  DecoderEnds narrowed(long[] channels) {
    return new DecoderEnds(
        this,
        store ->
            new Changed(
                store.adopt(select(embedding, 1, channels)),
                store.adopt(select(norm, 0, channels))),
        store -> store.adopt(select(head(), 1, channels)));
  }

  /**
   * These ends, which must stay open, with nothing in some channels of the embedding.
   *
   * @param normScale factor of the norm's weight
   */
  DecoderEnds masked(long[] removed, double normScale) {
    return new DecoderEnds(
        this,
        store ->
            new Changed(
                store.adopt(TorchFunctions.without(embedding, 1, indices(removed))),
                store.adopt(norm.mul(normScale))),
        store -> head());
  }

  private static NDArray select(NDArray whole, int dimension, long[] channels) {
    return TorchFunctions.select(whole, dimension, indices(channels));
  }

  private static NDArray indices(long[] indices) {
    return TorchScope.current().manager().create(indices);
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
        head = headWhenNeeded.get();
      }
    }
    return head;
  }

  @Override
  public void close() {
    release.run();
  }
}
