package org.espalier.allocation;

import org.espalier.task.EspalierException;

/** Locks written on the command line cannot be understood, contradict each other or do not fit. */
public final class LockSyntaxException extends EspalierException {
  public LockSyntaxException(String message) {
    super(message);
  }
}
