package org.espalier.workbench;

import java.util.Optional;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.workspace.Run;

/**
 * One finished model of a comparison.
 *
 * @param run with all that was measured
 * @param perplexity under the comparison's protocol
 * @param analysisSeconds measuring what the method needs; short where it was known before
 * @param remark on a ratio that was not met exactly
 */
public record ComparisonRow(
    ComparisonEntry entry,
    Run run,
    PerplexityResult perplexity,
    double analysisSeconds,
    Optional<String> remark) {}
