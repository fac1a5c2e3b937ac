package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which text to evaluate on.
 *
 * @param file as for calibration; empty for the sample's held-out text
 * @param window tokens of one window; 0 for that of ready windows, or {@value #DEFAULT_WINDOW}
 * @param maxWindows at most so many windows; 0 for all
 */
public record EvaluationRequest(Optional<Path> file, int window, int maxWindows) {
  /** Window length where none is asked for and the text does not bring its own. */
  public static final int DEFAULT_WINDOW = 128;
}
