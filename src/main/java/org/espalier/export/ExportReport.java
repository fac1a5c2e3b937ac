package org.espalier.export;

import java.nio.file.Path;
import java.util.List;

/**
 * A finished export.
 *
 * @param target name of the target
 * @param files everything in the folder but the manifest, by name
 * @param note what a user should know about it; may be empty
 * @param loadSnippet code or commands to copy that open the folder
 */
public record ExportReport(
    String target,
    Path folder,
    WeightFormat format,
    List<ExportedFile> files,
    ExportProof proof,
    String note,
    String loadSnippet) {
  public ExportReport {
    files = List.copyOf(files);
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(ExportedFile::bytes).sum();
  }
}
