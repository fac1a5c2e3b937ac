package org.espalier.workbench;

import java.time.Instant;

/**
 * What happened to a job, and when.
 *
 * @param words one line; several for the trace of an unexpected fault
 */
public record JobEvent(Instant at, String words) {}
