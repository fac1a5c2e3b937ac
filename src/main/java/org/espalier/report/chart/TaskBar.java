package org.espalier.report.chart;

import java.awt.Color;
import java.util.Optional;
import org.espalier.evaluation.tasks.Metric;
import org.espalier.evaluation.tasks.PairedComparison;

/**
 * One model's answers to one task.
 *
 * @param task title of the task
 * @param model as in the list of runs
 * @param value with its standard error
 * @param dense the dense model under the same protocol, if that is known
 * @param difference against the dense model on the same items, if that is known
 */
public record TaskBar(
    String task,
    String model,
    Color colour,
    Metric value,
    Optional<Metric> dense,
    Optional<PairedComparison> difference) {}
