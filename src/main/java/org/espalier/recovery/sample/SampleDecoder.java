package org.espalier.recovery.sample;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorSink;
import org.espalier.checkpoint.TensorSpec;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** The weights of the sample model while it learns, in float32. */
final class SampleDecoder implements AutoCloseable {
  private static final String KERNELS = "torchscript/training.py";

  private final SampleShape shape;
  private final TensorStore store;
  private final List<NDArray> weights = new ArrayList<>();

  /** Norms start at one, matrices normally distributed, those that end a branch smaller. */
  SampleDecoder(SampleShape shape, Device device, long seed) {
    this.shape = shape;
    this.store = new TensorStore(device);
    SplittableRandom random = new SplittableRandom(seed);
    double branchEnd = SampleShape.INITIAL_DEVIATION / Math.sqrt(2.0 * shape.blocks());
    try (TorchScope scope = TorchScope.open(device)) {
      for (TensorSpec tensor : shape.tensors()) {
        boolean endsBranch =
            tensor.name().endsWith("o_proj.weight") || tensor.name().endsWith("down_proj.weight");
        double deviation = endsBranch ? branchEnd : SampleShape.INITIAL_DEVIATION;
        float[] values = new float[Math.toIntExact(tensor.byteLength() / tensor.dtype().bytes())];
        for (int i = 0; i < values.length; i++) {
          values[i] = tensor.shape().size() == 1 ? 1 : (float) (deviation * random.nextGaussian());
        }
        long[] dimensions = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        weights.add(store.adopt(scope.array(values, dimensions)));
      }
    }
  }

  /** The weights in the order of {@link SampleShape#tensors}; training changes them in place. */
  List<NDArray> weights() {
    return weights;
  }

  /**
   * Mean negative log-likelihood of every id but the first of each window.
   *
   * @param ids windows of equal length
   */
  NDArray loss(int[][] ids) {
    return Kernels.of(KERNELS)
        .call(
            "loss",
            weights,
            TorchScope.current().tokens(ids),
            shape.queryHeads(),
            shape.keyHeads(),
            shape.headSize(),
            SampleShape.ROPE_THETA,
            SampleShape.EPSILON);
  }

  /** Hands the weights, rounded to BF16, to a checkpoint. */
  void writeTo(TensorSink sink) {
    List<TensorSpec> tensors = shape.tensors();
    for (int i = 0; i < tensors.size(); i++) {
      try (TorchScope scope = TorchScope.open(store.device())) {
        ByteBuffer bytes = TorchFunctions.convert(weights.get(i), DType.BF16).toByteBuffer(false);
        sink.write(tensors.get(i).name(), bytes);
      }
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
