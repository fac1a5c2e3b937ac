package org.espalier.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.workbench.Workbench;

/** Opens the workbench that commands run on. */
@FunctionalInterface
public interface WorkbenchFactory {
  /**
   * Opens a workbench.
   *
   * @param workspace folder of the runs; empty for the user's data folder
   * @param threads cores that one operation may use; 0 for the engine's own choice
   */
  Workbench open(Optional<Path> workspace, int threads);
}
