package org.espalier.report.heatmap;

import java.util.Locale;

/** Writes scores with three significant digits: "0.125", "−3.4", "1.2e-7". */
public final class ScoreFormat {
  private ScoreFormat() {}

  public static String format(double score) {
    if (Double.isNaN(score)) {
      return "–";
    }
    double size = Math.abs(score);
    String digits;
    if (size != 0 && (size < 1e-3 || size >= 1e5)) {
      digits =
          String.format(Locale.ROOT, "%.1e", size)
              .replaceFirst("\\.0e", "e")
              .replaceFirst("e([-+])0", "e$1")
              .replace("e+", "e");
    } else {
      int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
      digits = String.format(Locale.ROOT, "%." + decimals + "f", size);
      if (digits.contains(".")) {
        digits = digits.replaceFirst("\\.?0+$", "");
      }
    }
    return score < 0 && !digits.equals("0") ? "−" + digits : digits;
  }
}
