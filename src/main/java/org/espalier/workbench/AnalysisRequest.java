package org.espalier.workbench;

import java.util.Map;

/**
 * What to analyse with.
 *
 * @param method a name of {@link Workbench#methods}
 * @param parameters values that differ from the method's defaults
 * @param allocator a name of {@link Workbench#allocators}
 */
public record AnalysisRequest(
    String method,
    Map<String, String> parameters,
    CalibrationRequest calibration,
    String allocator) {
  public AnalysisRequest {
    parameters = Map.copyOf(parameters);
  }

  /** With the method's own allocator. */
  public AnalysisRequest(
      String method, Map<String, String> parameters, CalibrationRequest calibration) {
    this(method, parameters, calibration, Allocators.OWN);
  }

  /** The same with another allocator. */
  public AnalysisRequest allocating(String other) {
    return new AnalysisRequest(method, parameters, calibration, other);
  }
}
