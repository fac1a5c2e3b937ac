package org.espalier.evaluation.tasks;

import java.util.List;
import java.util.Locale;
import org.espalier.task.EspalierException;

/**
 * Two models on the same items: is the difference real? McNemar's exact test looks only at the
 * items where exactly one of them is right.
 *
 * @param metric that is compared
 * @param items answered by both
 * @param difference second minus first, as a share of the items
 * @param low lower end of the 95 % interval of the difference
 * @param high upper end
 * @param onlyFirst items that only the first model has right
 * @param onlySecond items that only the second model has right
 * @param probability of a difference as large as this one if the models were equally good
 */
public record PairedComparison(
    String metric,
    int items,
    double difference,
    double low,
    double high,
    int onlyFirst,
    int onlySecond,
    double probability) {
  private static final double NORMAL_95 = 1.959963984540054;

  /** Differences less likely than this are called real. */
  public static final double LEVEL = 0.05;

  /**
   * Compares two results of one protocol by its number for tables.
   *
   * @throws EspalierException if their protocols differ or nothing is counted
   */
  public static PairedComparison of(TaskResult first, TaskResult second) {
    if (!first.protocol().equals(second.protocol())
        || first.items().size() != second.items().size()) {
      throw new EspalierException(
          "Results of "
              + first.protocol().task()
              + " under different protocols cannot be compared; measure both in the same way.");
    }
    String metric =
        first
            .headline()
            .orElseThrow(
                () ->
                    new EspalierException(
                        first.protocol().task() + " counts nothing that could be compared."))
            .name();
    return of(metric, correct(metric, first.items()), correct(metric, second.items()));
  }

  private static List<Boolean> correct(String metric, List<ItemResult> items) {
    return items.stream().map(item -> item.scores().get(metric) > 0.5).toList();
  }

  static PairedComparison of(String metric, List<Boolean> first, List<Boolean> second) {
    int onlyFirst = 0;
    int onlySecond = 0;
    for (int i = 0; i < first.size(); i++) {
      if (first.get(i) && !second.get(i)) {
        onlyFirst++;
      } else if (second.get(i) && !first.get(i)) {
        onlySecond++;
      }
    }
    double count = first.size();
    double difference = (onlySecond - onlyFirst) / count;
    double variance =
        count < 2 ? 0 : ((onlyFirst + onlySecond) / count - difference * difference) / (count - 1);
    double reach = NORMAL_95 * Math.sqrt(Math.max(0, variance));
    return new PairedComparison(
        metric,
        first.size(),
        difference,
        difference - reach,
        difference + reach,
        onlyFirst,
        onlySecond,
        probability(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond));
  }

  /** Two-sided binomial tail with even odds. */
  private static double probability(int fewer, int all) {
    if (all == 0) {
      return 1;
    }
    double logTerm = -all * Math.log(2);
    double tail = Math.exp(logTerm);
    for (int k = 1; k <= fewer; k++) {
      logTerm += Math.log((double) (all - k + 1) / k);
      tail += Math.exp(logTerm);
    }
    return Math.min(1, 2 * tail);
  }

  /** True if chance alone hardly explains the difference. */
  public boolean real() {
    return probability < LEVEL;
  }

  /** One sentence for people. */
  public String description() {
    return String.format(
        Locale.ROOT,
        "%+.1f points (95 %% interval %+.1f to %+.1f) on the same %d items, %d right only before"
            + " and %d only after: %s (McNemar, p = %.2g)",
        100 * difference,
        100 * low,
        100 * high,
        items,
        onlyFirst,
        onlySecond,
        real() ? "a real difference" : "within chance",
        probability);
  }
}
