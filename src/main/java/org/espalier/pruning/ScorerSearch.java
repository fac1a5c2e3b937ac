package org.espalier.pruning;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.Scorer;
import org.espalier.search.SearchSpace;
import org.espalier.search.Suggester;
import org.espalier.task.EspalierException;

/**
 * The part of a recipe that finds its scorer, and the windows to calibrate it on, by trying.
 *
 * @param space what is varied; the variable {@value #SET}, if there is one, chooses a calibration
 *     set
 * @param suggester says what to try next
 * @param trials how many points are tried
 * @param setSize windows of one calibration set
 * @param judging most windows that a trial is judged with
 * @param seed of the calibration sets
 * @param scorer from a point of the space
 */
public record ScorerSearch(
    SearchSpace space,
    Suggester suggester,
    int trials,
    int setSize,
    int judging,
    long seed,
    Function<Map<String, Double>, Scorer> scorer) {
  /** Name of the variable that chooses a calibration set. */
  public static final String SET = "set";

  /**
   * The calibration set of a point: windows of the pool, drawn without replacement.
   *
   * @throws EspalierException if the pool has fewer windows than a set
   */
  public TokenWindows set(TokenWindows pool, Map<String, Double> point) {
    if (pool.count() < setSize) {
      throw new EspalierException(
          "The calibration text gives "
              + pool.count()
              + " windows to draw from, but a calibration set takes "
              + setSize
              + "; ask for more windows or for smaller sets.");
    }
    long set = point.getOrDefault(SET, 0.0).longValue();
    SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() + set);
    int[][] windows = pool.toArray();
    int[][] drawn = new int[setSize][];
    for (int i = 0; i < setSize; i++) {
      int chosen = i + random.nextInt(windows.length - i);
      drawn[i] = windows[chosen];
      windows[chosen] = windows[i];
    }
    return TokenWindows.of(drawn);
  }
}
