package org.espalier.task;

/**
 * A failure that is told to the user in one sentence: what happened, to which file or value, and
 * what to do next. Its message never needs a stack trace to be understood.
 */
public class EspalierException extends RuntimeException {
  public EspalierException(String message) {
    super(message);
  }

  public EspalierException(String message, Throwable cause) {
    super(message, cause);
  }
}
