package org.espalier.export;

import java.nio.file.Path;
import java.util.Map;
import org.espalier.checkpoint.DType;

/**
 * How and where to export.
 *
 * @param dtype F32, F16 or BF16
 * @param folder the folder to be written
 * @param overwrite whether an existing checkpoint there may be replaced
 * @param additionalFiles content of files to be written beside the weights, by plain name
 */
public record ExportOptions(
    DType dtype, Path folder, boolean overwrite, Map<String, byte[]> additionalFiles) {
  public ExportOptions {
    switch (dtype) {
      case F32, F16, BF16 -> {}
      default -> throw new IllegalArgumentException("weights cannot be exported as " + dtype);
    }
    additionalFiles = Map.copyOf(additionalFiles);
  }
}
