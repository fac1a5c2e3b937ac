package org.espalier.workbench;

import java.time.Duration;
import java.util.Optional;

/**
 * A job at one moment.
 *
 * @param stage what is being done
 * @param done steps done
 * @param total steps in all; 0 while unknown
 * @param elapsed since it started running
 * @param remaining estimate; empty while unknown
 * @param failure one sentence when it failed
 * @param waitingBehind how many waiting jobs come before it; 0 for one that does not wait
 */
public record JobSnapshot(
    long id,
    String title,
    JobState state,
    String stage,
    long done,
    long total,
    Duration elapsed,
    Optional<Duration> remaining,
    Optional<String> failure,
    int waitingBehind) {
  /** Share done from 0 to 1, or -1 while unknown. */
  public double fraction() {
    return total <= 0 ? -1 : (double) done / total;
  }
}
