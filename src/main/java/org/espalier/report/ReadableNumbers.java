package org.espalier.report;

import java.time.Duration;
import java.util.Locale;

/** Writes large quantities for people. */
public final class ReadableNumbers {
  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final String[] COUNTS = {"", " K", " M", " B"};

  private ReadableNumbers() {}

  /** "11.1 GiB". */
  public static String bytes(long bytes) {
    return scaled(bytes, 1024, BYTES, " ");
  }

  /** "8.03 B" for 8,030,261,248 parameters. */
  public static String count(long count) {
    return scaled(count, 1000, COUNTS, "");
  }

  /** "30 %", "17.25 %": at most two decimals. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share).replaceFirst("\\.?0+$", "") + " %";
  }

  /** "0.8 s", "3 min 20 s", "2 h 5 min". */
  public static String duration(double seconds) {
    if (seconds < 60) {
      return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }
    Duration duration = Duration.ofSeconds(Math.round(seconds));
    return duration.toHours() == 0
        ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
        : duration.toHours() + " h " + duration.toMinutesPart() + " min";
  }

  private static String scaled(long value, int step, String[] units, String space) {
    double scaled = value;
    int unit = 0;
    while (scaled >= step && unit < units.length - 1) {
      scaled /= step;
      unit++;
    }
    String digits =
        unit == 0
            ? Long.toString(value)
            : String.format(
                Locale.ROOT, scaled >= 100 ? "%.0f" : scaled >= 10 ? "%.1f" : "%.2f", scaled);
    return digits + space + units[unit];
  }
}
