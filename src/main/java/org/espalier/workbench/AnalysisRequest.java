package org.espalier.workbench;

import java.util.Map;

/**
 * What to analyse with, and where the result will run.
 *
 * @param method a name of {@link Workbench#methods}
 * @param parameters values that differ from the method's defaults
 * @param allocator a name of {@link Workbench#allocators}
 * @param destination sets the widths that answers may have
 */
public record AnalysisRequest(
    String method,
    Map<String, String> parameters,
    CalibrationRequest calibration,
    String allocator,
    Destination destination) {
  public AnalysisRequest {
    parameters = Map.copyOf(parameters);
  }

  /** With the method's own allocator, to run anywhere. */
  public AnalysisRequest(
      String method, Map<String, String> parameters, CalibrationRequest calibration) {
    this(method, parameters, calibration, Allocators.OWN);
  }

  /** To run anywhere. */
  public AnalysisRequest(
      String method,
      Map<String, String> parameters,
      CalibrationRequest calibration,
      String allocator) {
    this(method, parameters, calibration, allocator, Destination.ANYWHERE);
  }

  /** The same with another allocator. */
  public AnalysisRequest allocating(String other) {
    return new AnalysisRequest(method, parameters, calibration, other, destination);
  }

  /** The same for another place to run. */
  public AnalysisRequest runningOn(Destination other) {
    return new AnalysisRequest(method, parameters, calibration, allocator, other);
  }

  /** Whether another request chooses the same units, however they are shared out. */
  public boolean choosesUnitsAs(AnalysisRequest other) {
    return method.equals(other.method)
        && parameters.equals(other.parameters)
        && calibration.equals(other.calibration);
  }
}
