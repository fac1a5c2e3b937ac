package org.espalier.workbench;

import java.util.ArrayList;
import java.util.List;
import org.espalier.workspace.Journal;

/** Writes small finished steps into a journal, many at once: every write costs a disk flush. */
final class SavedPortions<T> {
  /** A killed job loses at most what it did in this time. */
  private static final long SAVE_NANOSECONDS = 2_000_000_000L;

  private final Journal journal;
  private final List<T> unsaved = new ArrayList<>();
  private long lastSave = System.nanoTime();

  SavedPortions(Journal journal) {
    this.journal = journal;
  }

  void add(T step) {
    unsaved.add(step);
    if (System.nanoTime() - lastSave > SAVE_NANOSECONDS) {
      save();
    }
  }

  /** Writes what is not written yet. */
  void save() {
    if (!unsaved.isEmpty()) {
      journal.append(List.copyOf(unsaved));
      unsaved.clear();
      lastSave = System.nanoTime();
    }
  }
}
