package org.espalier.search;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One point that was tried.
 *
 * @param number from 0, in the order of trying
 * @param point value of each variable by its name
 * @param value that the search makes small; may be infinite or not a number, which counts as worst
 */
public record Trial(int number, Map<String, Double> point, double value) {
  public Trial {
    point = Collections.unmodifiableMap(new LinkedHashMap<>(point));
  }

  /** For sorting: anything that is not a number is worst. */
  double rank() {
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
  }
}
