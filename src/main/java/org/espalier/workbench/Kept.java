package org.espalier.workbench;

import org.espalier.task.EspalierException;

/** Keeps numbers on disk; one that cannot be kept is told at least. */
final class Kept {
  private Kept() {}

  /**
   * Saves a number that was measured.
   *
   * @throws EspalierException with the number and why it could not be saved
   */
  static void orTold(String number, Runnable saving) {
    try {
      saving.run();
    } catch (EspalierException e) {
      throw new EspalierException(number + " is measured but not kept. " + e.getMessage(), e);
    }
  }
}
