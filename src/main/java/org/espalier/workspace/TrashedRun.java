package org.espalier.workspace;

import java.time.Instant;

/**
 * A deleted run that can still be brought back.
 *
 * @param run as it was, but with its present folder
 */
public record TrashedRun(Run run, Instant deleted) {}
