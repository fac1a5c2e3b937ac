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
  private final double amplitude;
  private final Device device;
  private TensorStore store;
  private NDArray cosines;
  private NDArray sines;
  private int length;

  /**
   * An empty table.
   *
   * @param frequencies in radians per position
   * @param amplitude factor of all cosines and sines
   */
  RotaryTable(float[] frequencies, double amplitude, Device device) {
    this.frequencies = frequencies;
    this.amplitude = amplitude;
    this.device = device;
  }

  /** Cosines of consecutive positions, [count, 1, e], in the innermost scope. */
  synchronized NDArray cosines(int start, int count) {
    extend(start + count);
    return TorchFunctions.rows(cosines, start, count);
  }

  /**
   * Sines of consecutive positions, [count, 1, e], negative in the first half of each head, in the
   * innermost scope.
   */
  synchronized NDArray sines(int start, int count) {
    extend(start + count);
    return TorchFunctions.rows(sines, start, count);
  }

  private void extend(int needed) {
    if (needed <= length) {
      return;
    }
    int longer = Math.max(FIRST_LENGTH, Integer.highestOneBit(needed - 1) * 2);
    int half = frequencies.length;
    float[] cosine = new float[longer * 2 * half];
    float[] sine = new float[cosine.length];
    for (int position = 0; position < longer; position++) {
      for (int i = 0; i < half; i++) {
        float angle = position * frequencies[i];
        int at = position * 2 * half + i;
        cosine[at] = (float) (Math.cos(angle) * amplitude);
        cosine[at + half] = cosine[at];
        sine[at + half] = (float) (Math.sin(angle) * amplitude);
        sine[at] = -sine[at + half];
      }
    }
    close();
    store = new TensorStore(device);
    try (TorchScope scope = TorchScope.open(device)) {
      cosines = store.adopt(scope.array(cosine, longer, 1, 2L * half));
      sines = store.adopt(scope.array(sine, longer, 1, 2L * half));
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
