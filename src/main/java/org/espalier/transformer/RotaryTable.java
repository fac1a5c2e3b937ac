package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** Cosines and sines of the rotary angles, made once and extended when longer texts come. */
final class RotaryTable implements AutoCloseable {
  private static final int FIRST_LENGTH = 512;

  private final float[] frequencies;
  private final Device device;
  private TensorStore store;
  private NDArray cosines;
  private NDArray sines;
  private int length;

  RotaryTable(float[] frequencies, Device device) {
    this.frequencies = frequencies;
    this.device = device;
  }

  /** Cosines of consecutive positions, [count, 1, e/2], in the innermost scope. */
  synchronized NDArray cosines(int start, int count) {
    extend(start + count);
    return TorchFunctions.rows(cosines, start, count);
  }

  /** Sines of consecutive positions, [count, 1, e/2], in the innermost scope. */
  synchronized NDArray sines(int start, int count) {
    extend(start + count);
    return TorchFunctions.rows(sines, start, count);
  }

  private void extend(int needed) {
    if (needed <= length) {
      return;
    }
    int longer = Math.max(FIRST_LENGTH, Integer.highestOneBit(needed - 1) * 2);
    float[] cosine = new float[longer * frequencies.length];
    float[] sine = new float[cosine.length];
    for (int position = 0, at = 0; position < longer; position++) {
      for (float frequency : frequencies) {
        float angle = position * frequency;
        cosine[at] = (float) Math.cos(angle);
        sine[at++] = (float) Math.sin(angle);
      }
    }
    close();
    store = new TensorStore(device);
    try (TorchScope scope = TorchScope.open(device)) {
      cosines = store.adopt(scope.array(cosine, longer, 1, frequencies.length));
      sines = store.adopt(scope.array(sine, longer, 1, frequencies.length));
    }
    length = longer;
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }
}
