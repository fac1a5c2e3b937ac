package org.espalier.workspace;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A job that goes on where it stood when it is asked for again, with all that it was asked for. */
public sealed interface UnfinishedJob {
  /** What it is called in lists. */
  String title();

  /**
   * Pruning of a draft.
   *
   * @param checkpoint folder of the dense model; empty for the sample model
   * @param wanted name of the run to be, target and locks
   */
  record Pruning(
      String title,
      Optional<Path> checkpoint,
      SavedSession.Analysed analysed,
      SavedDraft.State wanted)
      implements UnfinishedJob {}

  /**
   * Training of a run.
   *
   * @param run its id
   * @param settings by their labels
   * @param kind what the file holds
   * @param file what is learned from; empty for the sample's own stories
   */
  record Training(
      String title, String run, Map<String, String> settings, String kind, Optional<Path> file)
      implements UnfinishedJob {
    public Training {
      settings = Map.copyOf(settings);
    }
  }
}
