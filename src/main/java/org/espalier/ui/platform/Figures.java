package org.espalier.ui.platform;

import java.time.Duration;
import java.util.Locale;

/** How numbers are written in the window, the same everywhere. */
public final class Figures {
  private Figures() {}

  /** A share from 0 to 1 as "30.0 %". */
  public static String percent(double share) {
    return format("%.1f %%", 100 * share);
  }

  /** Whole percent of what is kept: "100 %" only for all of it, "0 %" only for nothing. */
  public static String keptPercent(int kept, int units) {
    if (kept == 0 || kept == units) {
      return kept == 0 ? "0 %" : "100 %";
    }
    return Math.max(1, Math.min(99, Math.round(100.0 * kept / units))) + " %";
  }

  /** Parameters as "3.42 M" or "8.03 B". */
  public static String parameters(long count) {
    if (count >= 1_000_000_000) {
      return format("%.2f B", count / 1e9);
    }
    if (count >= 1_000_000) {
      return format("%.2f M", count / 1e6);
    }
    return count >= 1000 ? format("%.1f k", count / 1e3) : Long.toString(count);
  }

  /** Bytes as "6.5 MiB", with at most three digits before the point. */
  public static String bytes(long bytes) {
    if (bytes >= 1000L << 20) {
      return format("%.2f GiB", bytes / (double) (1L << 30));
    }
    if (bytes >= 1000L << 10) {
      return format("%.1f MiB", bytes / (double) (1L << 20));
    }
    return bytes >= 1024 ? format("%.0f KiB", bytes / 1024.0) : bytes + " B";
  }

  /** Perplexity with at least three significant digits. */
  public static String perplexity(double value) {
    return value < 100
        ? format("%.2f", value)
        : value < 1e6 ? format("%.0f", value) : format("%.2e", value);
  }

  /** A small number in thousandths: "0.042", "3.7", "128". */
  public static String thousandths(double value) {
    double scaled = 1000 * value;
    double size = Math.abs(scaled);
    return size >= 99.5
        ? format("%.0f", scaled)
        : size >= 0.995 ? format("%.1f", scaled) : format("%.2f", scaled);
  }

  /** A speed as "41.2 tok/s". */
  public static String speed(double tokensPerSecond) {
    return tokensPerSecond < 100
        ? format("%.1f tok/s", tokensPerSecond)
        : format("%,.0f tok/s", tokensPerSecond);
  }

  /** A duration as "38 s" or "3 min 05 s". */
  public static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? format("%d min %02d s", seconds / 60, seconds % 60)
        : format("%d h %02d min", seconds / 3600, seconds % 3600 / 60);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ENGLISH, pattern, values);
  }
}
