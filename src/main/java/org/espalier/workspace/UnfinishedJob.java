package org.espalier.workspace;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.tasks.TokenisationProfile;

/** A job that can be asked for again after the program ended, with all that it was asked for. */
public sealed interface UnfinishedJob {
  /** What it is called in lists. */
  String title();

  /** Folder of the model that was open; empty for the sample model. */
  Optional<Path> checkpoint();

  /** Id of the run that it is about; empty for the open model. */
  default String run() {
    return "";
  }

  /** Whether it goes on where it stood; otherwise it starts over. */
  default boolean goesOn() {
    return true;
  }

  /** Measuring what a method needs. */
  record Analysing(String title, Optional<Path> checkpoint, SavedSession.Analysed analysed)
      implements UnfinishedJob {}

  /** Measuring what each sub-layer costs. */
  record Pricing(String title, Optional<Path> checkpoint, SavedSession.Analysed analysed)
      implements UnfinishedJob {}

  /**
   * Pruning of a draft.
   *
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
   * @param settings by their labels
   * @param kind what the file holds
   * @param file what is learned from; empty for the sample's own stories
   */
  record Training(
      String title,
      Optional<Path> checkpoint,
      String run,
      Map<String, String> settings,
      String kind,
      Optional<Path> file)
      implements UnfinishedJob {
    public Training {
      settings = Map.copyOf(settings);
    }
  }

  /** Measuring perplexity. */
  record Evaluating(String title, Optional<Path> checkpoint, String run, ReadText text)
      implements UnfinishedJob {}

  /**
   * Putting a task to a model.
   *
   * @param folder with the data sets
   * @param limit items at most; 0 for all
   * @param again whether a known result is measured again
   */
  record Answering(
      String title,
      Optional<Path> checkpoint,
      String run,
      String task,
      Path folder,
      TokenisationProfile profile,
      int limit,
      boolean again)
      implements UnfinishedJob {}

  /**
   * Comparing methods.
   *
   * @param comparison name of the ready-made comparison
   * @param calibration text file; empty for the sample's own text
   */
  record Comparing(
      String title,
      Optional<Path> checkpoint,
      String comparison,
      Optional<Path> calibration,
      int samples,
      int window,
      long seed,
      ReadText text)
      implements UnfinishedJob {}

  /**
   * A race of models.
   *
   * @param models their folders by their names for people, in order
   */
  record Racing(String title, Optional<Path> checkpoint, List<Racer> models, ReadText text)
      implements UnfinishedJob {
    public Racing {
      models = List.copyOf(models);
    }
  }

  /** A model in a race. */
  record Racer(String name, Path folder) {}

  /** Writing a run for other programs. */
  record Exporting(
      String title,
      Optional<Path> checkpoint,
      String run,
      String target,
      String format,
      Path folder,
      boolean overwrite)
      implements UnfinishedJob {
    @Override
    public boolean goesOn() {
      return false;
    }
  }

  /**
   * What is read to measure a model.
   *
   * @param file empty for the protocol's own text in {@code folder}, or the sample's
   * @param folder where the protocol looks for its text
   * @param window tokens of one window; 0 for the usual
   * @param maxWindows 0 for all
   * @param goodEnough stop at this share of the perplexity; 0 for never
   * @param again whether a known result is measured again
   */
  record ReadText(
      Optional<Path> file,
      Optional<Path> folder,
      String protocol,
      int window,
      int maxWindows,
      BosRule bos,
      double goodEnough,
      long seed,
      boolean again) {}
}
