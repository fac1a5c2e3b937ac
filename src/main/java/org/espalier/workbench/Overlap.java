package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.corpus.TextFingerprint;
import org.espalier.corpus.TokenWindows;
import org.espalier.workspace.Workspace;

/** Warns of numbers that were measured on the text that a model was calibrated on. */
final class Overlap {
  /** Common phrases alone share less than this. */
  private static final double WORTH_SAYING = 0.01;

  private Overlap() {}

  /**
   * Sentences to stand beside a number.
   *
   * @param folder of the measured checkpoint; a run keeps there what it was calibrated on
   */
  static List<String> warnings(Path folder, TokenWindows windows) {
    return warnings(folder, () -> Arrays.asList(windows.toArray()));
  }

  /**
   * As {@link #warnings(Path, TokenWindows)}, for texts of any lengths.
   *
   * @param texts token ids; asked for only if the calibration is known
   */
  static List<String> warnings(Path folder, Supplier<List<int[]>> texts) {
    Optional<TextFingerprint> calibration = Workspace.calibration(folder);
    double share = calibration.map(text -> text.shareOf(texts.get())).orElse(0.0);
    if (share < WORTH_SAYING) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "%.0f %% of the evaluated text is in the calibration text %s too, so the number"
                + " flatters this run",
            100 * share,
            calibration.orElseThrow().source()));
  }
}
