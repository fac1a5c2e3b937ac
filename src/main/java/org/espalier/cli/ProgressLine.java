package org.espalier.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.espalier.workbench.JobSnapshot;
import org.espalier.workbench.JobState;

/**
 * Shows a job's progress on standard error: a bar that redraws itself on a terminal, otherwise a
 * line for every job, for changes of stage, and every few seconds.
 */
final class ProgressLine {
  private static final int BAR = 16;
  private static final long REDRAW_MILLISECONDS = 80;
  private static final long LINE_MILLISECONDS = 5000;

  /** Stages that fly by are not worth a line each. */
  private static final long STAGE_MILLISECONDS = 1000;

  private static final String BEGINNING = "Starting";

  private final Terminal terminal;
  private final Supplier<String> note;
  private long lastShown = Long.MIN_VALUE;
  private String lastTitle = "";
  private String lastHeading = "";
  private boolean drawn;

  /**
   * A line for one job.
   *
   * @param note what else to say now, for example a running value; empty for nothing
   */
  ProgressLine(Terminal terminal, Supplier<String> note) {
    this.terminal = terminal;
    this.note = note;
  }

  /** Shows a state if it is time to. */
  synchronized void show(JobSnapshot job) {
    long now = System.nanoTime() / 1_000_000;
    if (terminal.interactive()) {
      if (lastShown == Long.MIN_VALUE || now - lastShown >= REDRAW_MILLISECONDS) {
        lastShown = now;
        draw(job);
      }
      return;
    }
    if (job.stage().isEmpty() || job.state() != JobState.RUNNING) {
      return;
    }
    // "Block 3 of 8" and "Block 4 of 8" are one stage; only the words count.
    String heading = job.stage().replaceAll("\\d+", "");
    boolean newJob = !job.title().equals(lastTitle);
    long wait = heading.equals(lastHeading) ? LINE_MILLISECONDS : STAGE_MILLISECONDS;
    if (newJob || now - lastShown >= wait) {
      lastShown = now;
      lastTitle = job.title();
      lastHeading = heading;
      terminal.err().println(plain(job));
    }
  }

  /** Removes the bar, so that the next output starts on a clean line. */
  synchronized void clear() {
    if (drawn) {
      terminal.err().print("\r\033[K");
      terminal.err().flush();
      drawn = false;
    }
  }

  private void draw(JobSnapshot job) {
    StringBuilder line = new StringBuilder();
    double fraction = job.fraction();
    if (fraction >= 0) {
      int filled = (int) Math.round(BAR * Math.min(1, fraction));
      line.append('[').append("#".repeat(filled)).append(".".repeat(BAR - filled)).append("] ");
      line.append(String.format(Locale.ROOT, "%3d %% ", Math.round(100 * fraction)));
    }
    line.append(job.stage().isEmpty() ? job.title() : job.stage()).append(words());
    job.remaining().ifPresent(left -> line.append(", ").append(words(left)).append(" left"));
    String text = line.length() < terminal.columns() ? line.toString() : cut(line);
    terminal.err().print("\r\033[K" + text);
    terminal.err().flush();
    drawn = true;
  }

  private String cut(StringBuilder line) {
    return line.substring(0, terminal.columns() - 1);
  }

  private String words() {
    String now = note.get();
    return now.isEmpty() ? "" : ", " + now;
  }

  private String plain(JobSnapshot job) {
    if (job.stage().equals(BEGINNING)) {
      return job.title();
    }
    String share =
        job.total() > 0 ? String.format(Locale.ROOT, " (%d of %d)", job.done(), job.total()) : "";
    String left = job.remaining().map(time -> ", " + words(time) + " left").orElse("");
    return job.title() + ": " + job.stage() + share + words() + left;
  }

  private static String words(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 90) {
      return seconds + " s";
    }
    return seconds < 5400 ? (seconds + 30) / 60 + " min" : (seconds + 1800) / 3600 + " h";
  }
}
