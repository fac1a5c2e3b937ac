package org.espalier.workspace;

import java.nio.file.Path;
import java.util.List;

/**
 * What a workspace holds.
 *
 * @param runs oldest first
 * @param damaged run folders that cannot be read, with the reason; they hide no other run
 */
public record RunListing(List<Run> runs, List<DamagedRun> damaged) {
  public RunListing {
    runs = List.copyOf(runs);
    damaged = List.copyOf(damaged);
  }

  /**
   * A run folder that cannot be read.
   *
   * @param reason one sentence that names the file
   */
  public record DamagedRun(Path folder, String reason) {}
}
