package org.espalier.pruning;

import java.util.function.Function;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;

/**
 * Settles an allocation on the pruned model itself, for methods whose scores of the dense model
 * give a preview only.
 */
public interface AllocationSearch {
  /**
   * Searches.
   *
   * @param preview by scores of the dense model
   * @param locks held sub-layers; they stay as the preview has them
   * @param dense the model before pruning
   * @param pruned the model under any allocation; it need not be closed
   * @param progress told after every block of every pass
   */
  Allocation search(
      Allocation preview,
      Locks locks,
      Decoder dense,
      Function<Allocation, Decoder> pruned,
      TokenWindows windows,
      Progress progress);
}
