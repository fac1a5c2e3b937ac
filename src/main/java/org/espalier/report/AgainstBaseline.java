package org.espalier.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.espalier.allocation.Target;
import org.espalier.report.ComparisonReport.Entry;
import org.espalier.report.chart.PerplexityFormat;

/**
 * Every model of a comparison against those of one method at the same target.
 *
 * @param method the baseline; models of several seeds count as one, by the geometric mean of their
 *     perplexities
 */
record AgainstBaseline(String method, List<Entry> entries) {
  /** Shares that differ by more do not compare at one size. */
  private static final double SAME_SHARE = 0.01;

  AgainstBaseline {
    entries = List.copyOf(entries);
  }

  /** Perplexity of the baseline at an entry's target; NaN if it was not measured there. */
  double at(Entry entry) {
    return Math.exp(mean(entry.run().target(), model -> Math.log(model.perplexity().perplexity())));
  }

  /** The models of the baseline that an entry is one of; none for other methods. */
  List<Entry> seeds(Entry entry) {
    return isBaseline(entry) ? baselines(entry.run().target()) : List.of();
  }

  private double mean(Target target, ToDoubleFunction<Entry> value) {
    return baselines(target).stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  private List<Entry> baselines(Target target) {
    return entries.stream()
        .filter(entry -> isBaseline(entry) && entry.run().target().equals(target))
        .toList();
  }

  private boolean isBaseline(Entry entry) {
    return entry.run().method().equals(method);
  }

  private static double share(Entry entry) {
    return entry.run().ratios().by(entry.run().target().of());
  }

  /** Which models lose at which target, and which win at a larger size only. */
  List<String> sentences() {
    Set<Target> targets = new LinkedHashSet<>();
    entries.forEach(entry -> targets.add(entry.run().target()));
    return targets.stream()
        .filter(target -> !baselines(target).isEmpty())
        .flatMap(target -> sentences(target).stream())
        .toList();
  }

  private List<String> sentences(Target target) {
    List<String> losing = new ArrayList<>();
    List<String> larger = new ArrayList<>();
    double baselineShare = mean(target, AgainstBaseline::share);
    for (Entry entry : entries) {
      if (isBaseline(entry) || !entry.run().target().equals(target)) {
        continue;
      }
      boolean sameShare = Math.abs(share(entry) - baselineShare) <= SAME_SHARE;
      String words =
          "%s (%s%s)"
              .formatted(
                  entry.label(),
                  PerplexityFormat.format(entry.perplexity().perplexity()),
                  sameShare ? "" : " with " + ReadableNumbers.percent(share(entry)) + " removed");
      // Written so that a perplexity that is no number loses.
      if (!(entry.perplexity().perplexity() < at(entry))) {
        losing.add(words);
      } else if (share(entry) < baselineShare - SAME_SHARE) {
        larger.add(words);
      }
    }
    String where = "At " + ReadableNumbers.percent(target.ratio()) + " ";
    List<String> all = new ArrayList<>();
    all.add(
        losing.isEmpty()
            ? where + "every method beats " + baseline(target) + "."
            : where
                + "not better than "
                + baseline(target)
                + ": "
                + String.join(", ", losing)
                + ".");
    if (!larger.isEmpty()) {
      all.add(
          where
              + "better, but with less removed, which proves little: "
              + String.join(", ", larger)
              + ".");
    }
    return all;
  }

  private String baseline(Target target) {
    List<Entry> models = baselines(target);
    String perplexity = PerplexityFormat.format(at(models.get(0)));
    return models.size() == 1
        ? "%s (%s)".formatted(method, perplexity)
        : "%s (%s, mean of %d seeds)".formatted(method, perplexity, models.size());
  }
}
