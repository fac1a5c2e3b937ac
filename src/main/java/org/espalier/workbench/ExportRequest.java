package org.espalier.workbench;

import java.nio.file.Path;
import org.espalier.checkpoint.DType;

/**
 * Where an export goes.
 *
 * @param target a name of {@link Workbench#exportTargets}
 * @param dtype F32, F16 or BF16
 * @param overwrite replace an existing folder
 */
public record ExportRequest(String target, DType dtype, Path folder, boolean overwrite) {}
