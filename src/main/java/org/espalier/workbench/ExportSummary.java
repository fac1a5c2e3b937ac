package org.espalier.workbench;

import java.nio.file.Path;

/**
 * A finished export.
 *
 * @param bytes of all files
 * @param largestLogitDifference between the pruned model and the files read back
 * @param loadSnippet code to copy that opens the folder
 */
public record ExportSummary(
    Path folder, String target, long bytes, double largestLogitDifference, String loadSnippet) {}
