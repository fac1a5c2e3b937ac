package org.espalier.importance;

/**
 * What a method thinks of one sub-layer.
 *
 * @param score importance by the method's own measure; higher is more important
 * @param share of the score in the sum over all sub-layers, 0 to 1
 * @param costShare share of the inference cost of all sub-layers, 0 to 1
 * @param worth how much it is worth keeping for what it costs; what allocators read
 */
public record SubLayerScore(double score, double share, double costShare, double worth) {}
