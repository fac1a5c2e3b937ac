package org.espalier.workbench;

import java.util.List;
import org.espalier.export.LoadSnippet;
import org.espalier.export.WeightFormat;

/**
 * An export target.
 *
 * @param name as in {@code --target name}
 * @param title for people
 * @param description what it holds and which programs open it
 * @param anyWidths whether blocks may have different widths
 * @param formats how it can store weights; the first one is proposed
 * @param loadSnippet code or commands that open an export
 */
public record ExportTargetDescription(
    String name,
    String title,
    String description,
    boolean anyWidths,
    List<WeightFormat> formats,
    LoadSnippet loadSnippet) {}
