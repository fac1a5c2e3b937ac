package org.espalier.workbench;

import org.espalier.allocation.Allocator;
import org.espalier.allocation.PriceAllocator;
import org.espalier.task.Progress;

/** Analyses: from a method and its text to an allocator that answers every target. */
final class AnalysisWork {
  private final Measurer measurer;
  private final SensitivityWork sensitivity;

  AnalysisWork(Measurer measurer, SensitivityWork sensitivity) {
    this.measurer = measurer;
    this.sensitivity = sensitivity;
  }

  Analysis analyse(
      OpenModel model, OpenedCheckpoint checkpoint, AnalysisRequest request, Progress progress) {
    Allocators.require(request.allocator());
    Measurer.Measured measured = measurer.measure(model, checkpoint.sample(), request, progress);
    Allocator own =
        measured
            .recipe()
            .allocation()
            .prepare(checkpoint.model(), measured.importance(), measured.subLayers());
    Allocator allocator =
        request.allocator().equals(Allocators.PRICE)
            ? new PriceAllocator(
                checkpoint.model(),
                sensitivity.measure(model, checkpoint.sample(), request, measured, progress),
                own::bounds)
            : own;
    return new Analysis(
        checkpoint,
        request,
        measured.method(),
        measured.importance(),
        measured.subLayers(),
        allocator,
        measured.recipe().compensator().addsBiases(),
        measured.protocol());
  }
}
