package org.espalier.allocation;

import org.espalier.task.EspalierException;

/** No allocation meets the target; says why and which target would be met. */
public final class InfeasibleTargetException extends EspalierException {
  private final transient Target nearestFeasible;

  public InfeasibleTargetException(String message, Target nearestFeasible) {
    super(message);
    this.nearestFeasible = nearestFeasible;
  }

  public Target nearestFeasible() {
    return nearestFeasible;
  }
}
