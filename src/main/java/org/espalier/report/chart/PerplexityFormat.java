package org.espalier.report.chart;

import java.util.Locale;

/** Writes perplexities as tables do: two decimals, none for large ones. */
public final class PerplexityFormat {
  private PerplexityFormat() {}

  public static String format(double perplexity) {
    if (!Double.isFinite(perplexity)) {
      return "–";
    }
    if (perplexity >= 1e6) {
      return String.format(Locale.ROOT, "%.1e", perplexity).replace("e+0", "e").replace("e+", "e");
    }
    return String.format(Locale.ROOT, perplexity >= 1000 ? "%,.0f" : "%.2f", perplexity);
  }
}
