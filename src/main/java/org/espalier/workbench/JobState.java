package org.espalier.workbench;

/** Life of a job. */
public enum JobState {
  QUEUED,
  RUNNING,
  DONE,
  FAILED,
  CANCELLED;

  /** True once nothing more will happen. */
  public boolean isOver() {
    return this == DONE || this == FAILED || this == CANCELLED;
  }
}
