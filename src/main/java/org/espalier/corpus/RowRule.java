package org.espalier.corpus;

/** How a text file that is no JSONL is split into rows. */
public enum RowRule {
  /** A {@code .raw} file as {@link #LINES_AS_ROWS}, anything else as {@link #WHOLE}. */
  BY_NAME,
  /** One row per line as in the raw WikiText files, with its line break; blank lines are empty. */
  LINES_AS_ROWS,
  /** One row per line without white space around it; blank lines are left out. */
  LINES_STRIPPED,
  /** The whole file is one row, unchanged. */
  WHOLE
}
