package org.espalier.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Several methods on one model, one calibration and one evaluation protocol.
 *
 * @param title of the report; names of the runs begin with the methods'
 * @param explanation what is compared and how, in a sentence or two
 * @param entries pruned and evaluated in this order
 * @param baseline method that every other should beat; the report says which does not
 * @param speed also measured for every model, if asked for
 * @param report folder of the report; empty for one in the workspace
 */
public record ComparisonRequest(
    String title,
    String explanation,
    List<ComparisonEntry> entries,
    CalibrationRequest calibration,
    EvaluationRequest evaluation,
    Optional<String> baseline,
    Optional<SpeedRequest> speed,
    Optional<Path> report) {
  public ComparisonRequest {
    entries = List.copyOf(entries);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).sameShareAs().orElse(-1) >= i) {
        throw new IllegalArgumentException("entry " + i + " refers to a later one");
      }
    }
  }
}
