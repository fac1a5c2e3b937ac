package org.espalier.export;

import java.nio.file.Path;
import java.util.Map;

/**
 * How and where to export.
 *
 * @param folder the folder to be written
 * @param overwrite whether an existing checkpoint or export there may be replaced
 * @param additionalFiles content of files to be written beside the weights, by plain name
 */
public record ExportOptions(
    WeightFormat format, Path folder, boolean overwrite, Map<String, byte[]> additionalFiles) {
  public ExportOptions {
    additionalFiles = Map.copyOf(additionalFiles);
  }
}
