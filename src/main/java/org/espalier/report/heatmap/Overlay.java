package org.espalier.report.heatmap;

import org.espalier.allocation.Allocation;

/**
 * Another draft or run over the picture, to compare with.
 *
 * @param name shown to people
 */
public record Overlay(String name, Allocation kept) {}
