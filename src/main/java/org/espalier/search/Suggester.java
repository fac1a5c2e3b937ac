package org.espalier.search;

import java.util.List;
import java.util.Map;

/**
 * Says what to try next. Its answer depends on the history alone, so that a search that was
 * interrupted goes on as it would have.
 */
public interface Suggester {
  /**
   * The next point.
   *
   * @param history all trials so far, in their order
   * @return a value for each variable, by its name
   */
  Map<String, Double> suggest(List<Trial> history);
}
