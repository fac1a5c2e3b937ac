package org.espalier.report.chart;

import java.awt.Color;

/**
 * One model in a chart of speed, quality and size.
 *
 * @param name beside the point
 * @param speed decoding as a multiple of the dense model's; NaN if it was not measured
 * @param perplexity the lower the better
 * @param bytes of its weights
 */
public record ParetoPoint(String name, double speed, double perplexity, long bytes, Color colour) {}
