package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which text calibrates.
 *
 * @param file plain text, JSONL with a text field, or ready token windows; empty for the stories
 *     that come with the program
 * @param samples number of windows; 0 for all ready windows, or 64 drawn ones
 * @param window tokens of one window; 0 for that of ready windows, or 128
 */
public record CalibrationRequest(Optional<Path> file, int samples, int window, long seed) {}
