package org.espalier.workbench;

import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;
import org.espalier.corpus.Calibration;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.Protocol;
import org.espalier.export.ExportTarget;
import org.espalier.export.ExportTargets;
import org.espalier.pruning.CutBlocks;
import org.espalier.pruning.Pruner;
import org.espalier.statistics.PassJournal;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.DecoderConfig;

/** Where a model will run: what that allows, and what it costs. */
final class DestinationWork {
  /** Windows of the calibration text that both allocations are measured on. */
  private static final int WINDOWS = 16;

  private final Measurer measurer;
  private final Texts texts;

  DestinationWork(Measurer measurer, Texts texts) {
    this.measurer = measurer;
    this.texts = texts;
  }

  /**
   * The same analysis with answers that a destination takes.
   *
   * @throws EspalierException if it takes no such model, with what to choose instead
   */
  Analysis constrain(OpenModel model, Analysis analysis, Destination destination) {
    if (destination.isAnywhere()) {
      return analysis.free();
    }
    ExportTarget target = ExportTargets.named(destination.target());
    DecoderConfig config = model.layout().config();
    target
        .refusalOfCompanions(model.checkpoint(), config)
        .ifPresent(
            reason -> {
              throw new EspalierException(reason);
            });
    return analysis.constrained(
        destination,
        target.constraint(config, analysis.addsBiases(), destination.channelMultiple()));
  }

  /** Both allocations, cut in memory and measured on the same windows. */
  ConstraintCost cost(
      OpenModel model, Analysis analysis, Target target, Locks locks, Progress progress) {
    OpenedCheckpoint checkpoint = analysis.checkpoint();
    Measurer.Measured measured =
        measurer.measure(model, checkpoint.sample(), analysis.request(), progress);
    Calibration text =
        measured
            .calibration()
            .orElseGet(
                () ->
                    texts.calibration(
                        model, checkpoint.sample(), analysis.request().calibration()));
    TokenWindows windows = text.windows().first(Math.min(WINDOWS, text.windows().count()));
    Protocol protocol =
        Protocol.of(text.source(), windows, "as calibrated", checkpoint.device(), text.seed());
    Allocation free = analysis.free().allocate(target, locks);
    Allocation constrained = analysis.allocate(target, locks);
    double freely = perplexity(model, measured, free, locks, windows, protocol, progress);
    double bound =
        free.equals(constrained)
            ? freely
            : perplexity(model, measured, constrained, locks, windows, protocol, progress);
    return new ConstraintCost(free, constrained, freely, bound, protocol.description());
  }

  private static double perplexity(
      OpenModel model,
      Measurer.Measured measured,
      Allocation allocation,
      Locks locks,
      TokenWindows windows,
      Protocol protocol,
      Progress progress) {
    Pruner.Choice choice =
        new Pruner(model.decoder(), measured.recipe(), locks)
            .choose(
                allocation,
                measured.importance(),
                measured.statistics(),
                measured.calibration().map(Calibration::windows),
                PassJournal.NONE,
                progress);
    CutBlocks cut =
        new CutBlocks(
            model.decoder().blocks(),
            choice.blocks(),
            choice.compensation(),
            model.layout().config().headSize());
    return new Perplexity(model.decoder().withBlocks(cut), windows, protocol)
        .measure(point -> {}, progress)
        .perplexity();
  }
}
