package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which text calibrates.
 *
 * @param file plain text, JSONL with a text field, or ready token windows; empty for the sample's
 *     own text
 * @param samples number of windows
 * @param window tokens of one window
 */
public record CalibrationRequest(Optional<Path> file, int samples, int window, long seed) {}
