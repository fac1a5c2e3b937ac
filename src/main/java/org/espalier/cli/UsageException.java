package org.espalier.cli;

import org.espalier.task.EspalierException;

/** The command was written wrongly: told in one line, exit status 2. */
final class UsageException extends EspalierException {
  UsageException(String message) {
    super(message);
  }

  /**
   * Complains about a number that is too small.
   *
   * @param value null where the option was not given
   */
  static void requireAtLeast(int least, String option, Integer value) {
    if (value != null && value < least) {
      throw new UsageException(option + " must be at least " + least + ", not " + value);
    }
  }

  /** Complains if looking something up by its name fails. */
  static void requireKnown(Runnable lookUp) {
    try {
      lookUp.run();
    } catch (EspalierException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
