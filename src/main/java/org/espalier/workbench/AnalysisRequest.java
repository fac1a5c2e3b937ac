package org.espalier.workbench;

import java.util.Map;

/**
 * What to analyse with.
 *
 * @param method a name of {@link Workbench#methods}
 * @param parameters values that differ from the method's defaults
 */
public record AnalysisRequest(
    String method, Map<String, String> parameters, CalibrationRequest calibration) {
  public AnalysisRequest {
    parameters = Map.copyOf(parameters);
  }
}
