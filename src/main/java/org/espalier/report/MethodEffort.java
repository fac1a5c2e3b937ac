package org.espalier.report;

/**
 * What one model of a comparison took beside its perplexity.
 *
 * @param analysisSeconds measuring what the method needs
 * @param statisticsReused whether an earlier model of the same method had measured it, so that the
 *     time says nothing
 * @param peakMemoryBytes highest memory of the process during analysis and pruning
 * @param memoryBeforeBytes memory when they began
 */
public record MethodEffort(
    double analysisSeconds,
    boolean statisticsReused,
    long peakMemoryBytes,
    long memoryBeforeBytes) {
  /** How far the highest memory lies above that at the beginning. */
  public long memoryAboveStart() {
    return Math.max(0, peakMemoryBytes - memoryBeforeBytes);
  }
}
