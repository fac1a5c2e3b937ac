package org.espalier.statistics;

import java.util.Optional;
import org.espalier.transformer.HiddenStates;

/** Lets a pass through the blocks go on where a killed or cancelled one stood. */
public interface PassJournal {
  /** Remembers nothing. */
  PassJournal NONE =
      new PassJournal() {
        @Override
        public Optional<Position> resume(HiddenStates states) {
          return Optional.empty();
        }

        @Override
        public void finished(int block, Statistics measured, HiddenStates states) {
          // nothing to remember it in
        }
      };

  /**
   * Where to go on.
   *
   * @param states become those behind the last finished block
   */
  Optional<Position> resume(HiddenStates states);

  /**
   * Tells that a block is done.
   *
   * @param measured everything that was measured so far
   * @param states behind the block
   */
  void finished(int block, Statistics measured, HiddenStates states);

  /**
   * Where a pass stood.
   *
   * @param nextBlock first block that is not done
   * @param measured on the blocks before it
   */
  record Position(int nextBlock, Statistics measured) {}
}
