package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;

/**
 * What to prune and where to keep it.
 *
 * @param name shown to people
 * @param folder where the run goes; empty for the workspace
 * @param overwrite whether an existing folder is replaced once the new one is complete
 */
public record PruneRequest(
    Target target, Locks locks, String name, Optional<Path> folder, boolean overwrite) {}
