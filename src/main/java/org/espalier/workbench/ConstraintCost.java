package org.espalier.workbench;

import org.espalier.allocation.Allocation;

/**
 * What it costs that a pruned model must fit a target: both allocations applied as masks and
 * measured on the same windows of the calibration text.
 *
 * @param free without the constraint
 * @param constrained with it
 * @param protocol what the two numbers depend on, in words
 */
public record ConstraintCost(
    Allocation free,
    Allocation constrained,
    double freePerplexity,
    double constrainedPerplexity,
    String protocol) {}
