package org.espalier.report.heatmap;

import java.util.Locale;

/** Writes scores with three significant digits: "0.125", "−3.4", "1.2e-7". */
public final class ScoreFormat {
  private ScoreFormat() {}

  /** As {@link #format}, with the zeros at the end, so that figures of a column are alike. */
  public static String even(double score) {
    return format(score, false);
  }

  public static String format(double score) {
    return format(score, true);
  }

  private static String format(double score, boolean plain) {
    if (Double.isNaN(score)) {
      return "–";
    }
    double size = Math.abs(score);
    String digits;
    if (size != 0 && (size < 1e-3 || size >= 1e5)) {
      digits =
          String.format(Locale.ROOT, "%.1e", size)
              .replaceFirst(plain ? "\\.0e" : "e", "e")
              .replaceFirst("e([-+])0", "e$1")
              .replace("e+", "e");
    } else {
      int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
      digits = String.format(Locale.ROOT, "%." + decimals + "f", size);
      if (plain && digits.contains(".")) {
        digits = digits.replaceFirst("\\.?0+$", "");
      }
    }
    return score < 0 && !digits.equals("0") ? "−" + digits : digits;
  }
}
