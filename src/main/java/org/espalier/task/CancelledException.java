package org.espalier.task;

/** Thrown at a step boundary after the user cancelled; not a failure. */
public final class CancelledException extends RuntimeException {
  public CancelledException() {
    super("cancelled");
  }
}
