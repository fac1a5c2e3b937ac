package org.espalier.workbench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.espalier.corpus.TrainingExamples;
import org.espalier.evaluation.PeakMemory;
import org.espalier.export.ExportOptions;
import org.espalier.export.ExportTargets;
import org.espalier.export.PrunedModel;
import org.espalier.export.WeightFormat;
import org.espalier.pruning.PlanFile;
import org.espalier.recovery.LowRankRecovery;
import org.espalier.recovery.RecoveryOutcome;
import org.espalier.recovery.RecoveryPoint;
import org.espalier.recovery.TrainingCheckpoints;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.Devices;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockSource;
import org.espalier.workspace.Journal;
import org.espalier.workspace.RecoveredFrom;
import org.espalier.workspace.Run;
import org.espalier.workspace.RunDraft;
import org.espalier.workspace.Workspace;

/** Trains a pruned run into a new one that has its plan and other weights. */
final class RecoveryWork {
  /** In the folder of a recovered run: its adapters alone, beside the weights that hold them. */
  static final String ADAPTERS = "adapter";

  private final Workspace workspace;
  private final Texts texts;

  RecoveryWork(Workspace workspace, Texts texts) {
    this.workspace = workspace;
    this.texts = texts;
  }

  Run recover(
      OpenModel model,
      boolean isSample,
      Run pruned,
      RecoveryRequest request,
      Consumer<RecoveryPoint> onPoint,
      Progress progress) {
    final long started = System.nanoTime();
    final PeakMemory memory = PeakMemory.start();
    TrainingExamples examples = texts.training(model, isSample, request);
    int training = examples.list().size() - request.settings().validation();
    if (training < 1) {
      throw new EspalierException(
          examples.source()
              + " gives "
              + examples.list().size()
              + " examples, too few to hold out "
              + request.settings().validation()
              + "; use a longer text, a shorter cutoff or fewer held-out examples.");
    }
    String key =
        String.join(
            "\n",
            model.checkpoint().hash(progress),
            examples.hash(),
            request.settings().toString(),
            Devices.name(model.decoder().device()));
    try (RunDraft draft = begin(pruned, request);
        Journal journal = workspace.journal("recover", key);
        TorchScope scope = TorchScope.open(model.decoder().device());
        LowRankRecovery recovery =
            new LowRankRecovery(
                model.decoder(),
                examples.part(0, training),
                examples.part(training, examples.list().size()),
                request.settings())) {
      RecoveryOutcome outcome =
          recovery.train(new TrainingCheckpoints(journal.folder()), onPoint, progress);
      write(model, recovery, pruned, draft.folder(), progress);
      Run run =
          draft.publish(
              recovered(
                  pruned,
                  request,
                  draft,
                  examples.source(),
                  outcome,
                  (System.nanoTime() - started) / 1e9,
                  memory.bytes()));
      journal.complete();
      return run;
    }
  }

  private RunDraft begin(Run pruned, RecoveryRequest request) {
    return request
        .folder()
        .map(
            folder ->
                workspace.beginAt(folder, request.name(), pruned.folder(), request.overwrite()))
        .orElseGet(() -> workspace.begin(request.name()));
  }

  private static void write(
      OpenModel model, LowRankRecovery recovery, Run pruned, Path folder, Progress progress) {
    try (BlockSource merged = recovery.merged(model.decoder().blocks())) {
      ExportTargets.perLayer()
          .export(
              new PrunedModel(model.checkpoint(), model.decoder().withBlocks(merged)),
              new ExportOptions(
                  WeightFormat.of(model.layout().embedding().dtype()), folder, false, Map.of()),
              progress);
    }
    PlanFile.write(folder, PlanFile.read(pruned.folder()));
    recovery.writeAdapters(folder.resolve(ADAPTERS), pruned.folder());
  }

  private static Run recovered(
      Run pruned,
      RecoveryRequest request,
      RunDraft draft,
      String text,
      RecoveryOutcome outcome,
      double seconds,
      long peakMemoryBytes) {
    return new Run(
        draft.id(),
        request.name(),
        draft.target(),
        pruned.checkpoint(),
        pruned.checkpointHash(),
        pruned.method(),
        pruned.parameters(),
        pruned.target(),
        pruned.locks(),
        pruned.allocation(),
        pruned.ratios(),
        pruned.parametersBefore(),
        pruned.parametersAfter(),
        pruned.bytes(),
        seconds,
        peakMemoryBytes,
        Instant.now(),
        List.of(),
        Optional.empty(),
        Optional.of(
            new RecoveredFrom(
                pruned.id(),
                pruned.name(),
                text,
                request.settings().asMap(),
                looks(outcome),
                outcome.ending())),
        List.of());
  }

  /** The looks at held-out examples, each with the mean loss of the steps before it. */
  private static List<RecoveredFrom.Look> looks(RecoveryOutcome outcome) {
    List<RecoveredFrom.Look> looks = new ArrayList<>();
    double sum = 0;
    int steps = 0;
    for (RecoveryPoint point : outcome.points()) {
      if (point.loss().isPresent()) {
        sum += point.loss().getAsDouble();
        steps++;
      }
      if (point.perplexity().isPresent()) {
        looks.add(
            new RecoveredFrom.Look(
                point.step(),
                steps == 0 ? 0 : sum / steps,
                point.perplexity().getAsDouble(),
                point.seconds()));
        sum = 0;
        steps = 0;
      }
    }
    return looks;
  }
}
