package org.espalier.task;

/**
 * How long-running work reports where it stands and learns that it should stop.
 *
 * <p>Work calls {@link #report} between its natural steps (blocks, windows, shards); an
 * implementation throws {@link CancelledException} from there once the user has cancelled, so that
 * nothing is interrupted inside a step.
 */
@FunctionalInterface
public interface Progress {
  /** Ignores reports and never cancels. */
  Progress SILENT = (stage, done, total) -> {};

  /**
   * Reports a step.
   *
   * @param stage what is being done, as a short phrase for people ("Measuring block 3 of 8")
   * @param done steps done so far
   * @param total steps in all, at least {@code done}
   * @throws CancelledException if the work should stop here
   */
  void report(String stage, long done, long total);
}
