package org.espalier.workbench;

import java.nio.file.Path;
import java.util.List;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.report.Table;

/**
 * A finished comparison.
 *
 * @param dense perplexity of the dense model
 * @param rows in the order of the request, without those that failed
 * @param conclusions which methods do not beat the baseline, in sentences
 * @param failures what could not be pruned and why, a sentence each
 * @param table one row for each model
 * @param report the page
 */
public record ComparisonResult(
    PerplexityResult dense,
    List<ComparisonRow> rows,
    List<String> conclusions,
    List<String> failures,
    Table table,
    Path report) {
  public ComparisonResult {
    rows = List.copyOf(rows);
    conclusions = List.copyOf(conclusions);
    failures = List.copyOf(failures);
  }
}
