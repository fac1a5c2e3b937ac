package org.espalier.recovery;

import java.util.OptionalDouble;

/**
 * Where a training stands after a step.
 *
 * @param step steps done; 0 before the first
 * @param steps in all at most
 * @param loss of the step, nats per predicted token; empty before the first step
 * @param perplexity on the held-out examples, where they were looked at
 * @param rate learning rate of the step
 * @param seconds of training so far, earlier attempts included
 */
public record RecoveryPoint(
    int step,
    int steps,
    OptionalDouble loss,
    OptionalDouble perplexity,
    double rate,
    double seconds) {}
