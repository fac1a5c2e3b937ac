package org.espalier.statistics;

import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;

/** Measures whole sub-layers in passes of its own. */
public interface SubLayerMeasurement extends Measurement {
  /**
   * Measures every sub-layer that has units.
   *
   * @param windows calibration windows; times do not depend on them
   * @param journal where an earlier attempt may have left its position
   * @param progress told after every batch or round
   */
  Statistics measure(Decoder decoder, TokenWindows windows, PassJournal journal, Progress progress);
}
