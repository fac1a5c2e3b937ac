package org.espalier.export;

import java.nio.file.Path;
import java.util.List;
import org.espalier.checkpoint.DType;

/**
 * A finished export.
 *
 * @param target name of the target
 * @param files everything in the folder, by name
 * @param largestLogitDifference between the files read back and the model rounded to the dtype,
 *     over eight tokens
 * @param loadSnippet code to copy that opens the folder
 */
public record ExportReport(
    String target,
    Path folder,
    DType dtype,
    List<ExportedFile> files,
    double largestLogitDifference,
    String loadSnippet) {
  public ExportReport {
    files = List.copyOf(files);
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(ExportedFile::bytes).sum();
  }
}
