package org.espalier.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress and errors
 * @param interactive whether a person watches: progress is then a bar that redraws itself
 * @param columns width of the terminal
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive, int columns) {
  private static final int USUAL_COLUMNS = 80;

  /** Set by the start script where standard error is a terminal, to its width. */
  private static final String COLUMNS = "espalier.terminal.columns";

  /** The terminal of this process. */
  public static Terminal system() {
    Integer columns = Integer.getInteger(COLUMNS);
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        columns != null,
        columns == null ? USUAL_COLUMNS : Math.max(40, columns));
  }
}
