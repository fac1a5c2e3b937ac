package org.espalier.report.comparison;

import java.util.List;

/** Which models nothing else beats in every respect at once. */
public final class ParetoFront {
  private ParetoFront() {}

  /**
   * For every model whether it is on the front: no other is at least as good in everything and
   * better in something.
   *
   * @param costs of each model, equally many; the lower the better
   */
  public static List<Boolean> of(List<double[]> costs) {
    return costs.stream()
        .map(one -> costs.stream().noneMatch(other -> dominates(other, one)))
        .toList();
  }

  private static boolean dominates(double[] other, double[] one) {
    boolean better = false;
    for (int i = 0; i < one.length; i++) {
      if (other[i] > one[i]) {
        return false;
      }
      better |= other[i] < one[i];
    }
    return better;
  }
}
