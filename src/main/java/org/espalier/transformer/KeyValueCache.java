package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;

/**
 * Keys and values of the positions that a decoder has seen, so that each further token costs one
 * position. Room is set aside once, for each block by its own number of KV heads; removed attention
 * needs none.
 */
public final class KeyValueCache implements AutoCloseable {
  private final TensorStore store;
  private final List<NDArray> keys = new ArrayList<>();
  private final List<NDArray> values = new ArrayList<>();
  private final int capacity;
  private int length;

  /**
   * An empty cache for a decoder.
   *
   * @param batch B, texts that are continued together
   * @param capacity most positions that it can hold
   */
  public KeyValueCache(Decoder decoder, int batch, int capacity) {
    this.capacity = capacity;
    store = new TensorStore(decoder.device());
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      for (int block = 0; block < decoder.blocks().blocks(); block++) {
        long groups = decoder.blocks().shape(block).headGroups();
        Shape shape = new Shape(batch, groups, capacity, decoder.config().headSize());
        keys.add(store.adopt(scope.manager().zeros(shape, DataType.FLOAT32)));
        values.add(store.adopt(scope.manager().zeros(shape, DataType.FLOAT32)));
      }
    }
  }

  /** Positions that it holds. */
  public int length() {
    return length;
  }

  /** [B, G, capacity, e], filled up to the length. */
  NDArray keys(int block) {
    return keys.get(block);
  }

  /** [B, G, capacity, e], filled up to the length. */
  NDArray values(int block) {
    return values.get(block);
  }

  void requireRoom(int more) {
    if (length + more > capacity) {
      throw new IllegalArgumentException(
          more + " positions after " + length + " exceed the cache's capacity of " + capacity);
    }
  }

  /** Forgets all positions; the room stays. */
  void clear() {
    length = 0;
  }

  void advance(int more) {
    length += more;
  }

  @Override
  public void close() {
    store.close();
  }
}
