package org.espalier.report.chart;

/**
 * One model in a trade-off.
 *
 * @param name as in the list of runs
 * @param series models of one series are joined by a line (the runs of one method)
 * @param x what is paid or gained
 * @param perplexity the lower the better
 */
public record TradeOffPoint(String name, String series, double x, double perplexity) {}
