package org.espalier.pruning;

import org.espalier.corpus.TokenWindows;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.StatisticsPass;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;

/** Measures all that a recipe reads. */
final class Measuring {
  private Measuring() {}

  static Statistics of(Recipe recipe, Decoder decoder, TokenWindows windows) {
    Statistics statistics =
        StatisticsPass.run(
            decoder, windows, recipe.collectors(), PassJournal.NONE, Progress.SILENT);
    for (SubLayerMeasurement measurement : recipe.measurements()) {
      statistics =
          statistics.with(measurement.measure(decoder, windows, PassJournal.NONE, Progress.SILENT));
    }
    return statistics;
  }
}
