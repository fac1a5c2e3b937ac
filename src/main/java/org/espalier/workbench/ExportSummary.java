package org.espalier.workbench;

import java.nio.file.Path;
import org.espalier.export.ExportProof;
import org.espalier.export.WeightFormat;

/**
 * A finished export.
 *
 * @param bytes of all files
 * @param proof how the files read back compare with the pruned model
 * @param isCheckpoint whether this program can open the result
 * @param note what a user should know about the result; may be empty
 * @param loadSnippet code or commands to copy that open the folder
 */
public record ExportSummary(
    Path folder,
    String target,
    WeightFormat format,
    long bytes,
    ExportProof proof,
    boolean isCheckpoint,
    String note,
    String loadSnippet) {}
