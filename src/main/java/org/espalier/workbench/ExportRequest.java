package org.espalier.workbench;

import java.nio.file.Path;
import org.espalier.export.WeightFormat;

/**
 * Where an export goes.
 *
 * @param target a name of {@link Workbench#exportTargets}
 * @param format one that the target can write
 * @param overwrite replace an existing folder
 */
public record ExportRequest(String target, WeightFormat format, Path folder, boolean overwrite) {}
