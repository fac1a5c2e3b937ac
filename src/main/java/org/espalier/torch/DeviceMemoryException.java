package org.espalier.torch;

import ai.djl.engine.EngineException;
import java.util.Locale;
import org.espalier.task.EspalierException;

/** A device has not enough free memory for a step; nothing is broken, smaller steps still work. */
public final class DeviceMemoryException extends EspalierException {
  DeviceMemoryException(EngineException cause) {
    super(
        "The device has not enough free memory for this step; close other models, use fewer or"
            + " shorter windows at once, stream the blocks, or choose the CPU.",
        cause);
  }

  static boolean isReasonOf(EngineException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("out of memory") || message.contains("can't allocate memory");
  }
}
