package org.espalier.pruning;

import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.ImportanceMap;
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
    return of(recipe, decoder, windows, Progress.SILENT);
  }

  static Statistics of(Recipe recipe, Decoder decoder, TokenWindows windows, Progress progress) {
    Statistics statistics =
        StatisticsPass.run(decoder, windows, recipe.denseCollectors(), PassJournal.NONE, progress);
    for (SubLayerMeasurement measurement : recipe.measurements()) {
      statistics =
          statistics.with(measurement.measure(decoder, windows, PassJournal.NONE, progress));
    }
    return statistics;
  }

  /** What each sub-layer keeps after the recipe's search, if it has one. */
  static Allocation settle(
      Recipe recipe,
      Decoder decoder,
      Allocation preview,
      Locks locks,
      ImportanceMap importance,
      Statistics statistics,
      TokenWindows windows) {
    return new Pruner(decoder, recipe, locks)
        .settle(preview, importance, statistics, Optional.of(windows), Progress.SILENT);
  }

  /** What pruning chooses. */
  static Pruner.Choice choose(
      Recipe recipe,
      Decoder decoder,
      Allocation allocation,
      ImportanceMap importance,
      Statistics statistics,
      TokenWindows windows) {
    return choose(recipe, decoder, Locks.NONE, allocation, importance, statistics, windows);
  }

  /** What pruning chooses around units picked by hand. */
  static Pruner.Choice choose(
      Recipe recipe,
      Decoder decoder,
      Locks locks,
      Allocation allocation,
      ImportanceMap importance,
      Statistics statistics,
      TokenWindows windows) {
    return new Pruner(decoder, recipe, locks)
        .choose(
            allocation,
            importance,
            statistics,
            Optional.of(windows),
            PassJournal.NONE,
            Progress.SILENT);
  }
}
