package org.espalier.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.pruning.PlanFile;
import org.espalier.pruning.PrunableModels;
import org.espalier.report.RunComparison;
import org.espalier.report.comparison.Reproduction;
import org.espalier.task.EspalierException;
import org.espalier.transformer.DecoderLayout;
import org.espalier.workspace.Run;
import org.espalier.workspace.TextPlaces;

/** Gathers what a comparison of runs says. */
final class RunComparisonWork {
  private final Sample sample;
  private final ComparedRunWork compared;
  private final TextPlaces places;

  RunComparisonWork(Sample sample, ComparedRunWork compared, TextPlaces places) {
    this.sample = sample;
    this.compared = compared;
    this.places = places;
  }

  RunComparison of(List<Run> runs, RatioDefinition aligned) {
    return new RunComparison(runs.stream().map(this::entry).toList(), aligned);
  }

  private RunComparison.Entry entry(Run run) {
    boolean isSample = sample.isSample(run.checkpoint());
    String calibration = calibration(run);
    return new RunComparison.Entry(
        compared.of(run),
        isSample ? Sample.NAME : run.checkpoint().getFileName().toString(),
        isSample ? Reproduction.SAMPLE : run.checkpoint().toString(),
        model(run),
        calibration,
        places.find(calibration));
  }

  /** From the dense checkpoint's headers; a run outlives its dense model. */
  private static Optional<PrunableModel> model(Run run) {
    Path folder = run.checkpoint();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      PrunableModel model =
          PrunableModels.costs(DecoderLayout.of(checkpoint), checkpoint.tensorBytes()).model();
      return model.blocks().size() == run.allocation().blocks()
          ? Optional.of(model)
          : Optional.empty();
    } catch (EspalierException e) {
      return Optional.empty();
    }
  }

  private static String calibration(Run run) {
    try {
      return PlanFile.read(run.folder()).protocol();
    } catch (EspalierException e) {
      // The numbers stand without it, too.
      return "unknown: " + e.getMessage();
    }
  }
}
