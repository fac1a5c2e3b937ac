package org.espalier.statistics;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import org.espalier.checkpoint.DType;
import org.espalier.torch.Devices;
import org.espalier.torch.TorchFunctions;

/** Activations in double precision, for sums over many tokens. */
final class DoublePrecision {
  private DoublePrecision() {}

  /** Tokens as rows: [tokens of all windows, channels] from [windows, tokens, channels]. */
  static NDArray rows(NDArray activations) {
    long channels = activations.getShape().get(activations.getShape().dimension() - 1);
    return TorchFunctions.convert(onDeviceWithDoubles(activations), DType.F64)
        .reshape(-1, channels);
  }

  private static NDArray onDeviceWithDoubles(NDArray activations) {
    return Devices.hasDoubles(activations.getDevice())
        ? activations
        : TorchFunctions.toDevice(activations, Device.cpu());
  }
}
