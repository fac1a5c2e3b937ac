package org.espalier.workbench;

import java.util.Optional;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.report.ComparisonReport;
import org.espalier.report.MethodEffort;
import org.espalier.workspace.Run;

/**
 * One finished model of a comparison.
 *
 * @param run with all that was measured
 * @param perplexity under the comparison's protocol
 * @param effort time and memory that it took
 * @param remark on a ratio that was not met exactly
 */
public record ComparisonRow(
    ComparisonEntry entry,
    Run run,
    PerplexityResult perplexity,
    MethodEffort effort,
    Optional<String> remark) {
  /** As the report shows it. */
  public ComparisonReport.Entry reported() {
    return new ComparisonReport.Entry(entry.label(), run, perplexity, effort, remark);
  }
}
