package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which text to evaluate on.
 *
 * @param file as for calibration; empty for the sample's held-out text
 * @param window tokens of one window
 * @param maxWindows at most so many windows; 0 for all
 */
public record EvaluationRequest(Optional<Path> file, int window, int maxWindows) {}
