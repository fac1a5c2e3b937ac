package org.espalier.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.HashMap;
import java.util.Map;

/**
 * Tensors by name as kernels take them ({@code Dict[str, Tensor]}), made once for many calls. Holds
 * the tensors' memory until closed, also when the arrays are closed before.
 */
public final class TensorDictionary implements AutoCloseable {
  private final IValue value;

  /** A dictionary of these arrays. */
  public TensorDictionary(Map<String, NDArray> arrays) {
    Map<String, PtNDArray> tensors = new HashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, (PtNDArray) array));
    value = IValue.stringMapFrom(tensors);
    LiveArrays.dictionaryOpened();
  }

  IValue value() {
    return value;
  }

  @Override
  public void close() {
    if (!value.isReleased()) {
      value.close();
      LiveArrays.dictionaryClosed();
    }
  }
}
