package org.espalier.workbench;

import org.espalier.allocation.Allocator;
import org.espalier.allocation.PriceAllocator;
import org.espalier.allocation.Sensitivity;
import org.espalier.task.Progress;

/** Analyses: from a method and its text to an allocator that answers every target. */
final class AnalysisWork {
  private final Measurer measurer;
  private final SensitivityWork sensitivity;

  AnalysisWork(Measurer measurer, SensitivityWork sensitivity) {
    this.measurer = measurer;
    this.sensitivity = sensitivity;
  }

  /** Analyses with statistics that are measured anew, whatever is known. */
  AnalysisWork afresh() {
    return new AnalysisWork(measurer.afresh(), sensitivity);
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
        measured.method().answering(measured.recipe().sliderAnswer()),
        measured.importance(),
        measured.subLayers(),
        measured.recipe().hiddenScores(model.layout().config(), measured.statistics()),
        allocator,
        measured.recipe().compensator().addsBiases(),
        measured.protocol());
  }

  /** What is known of an analysis's prices before they are measured. */
  SensitivityOutlook outlook(OpenModel model, Analysis analysed, Progress progress) {
    return sensitivity.outlook(
        model,
        analysed.checkpoint().sample(),
        analysed.request(),
        measured(model, analysed, progress),
        progress);
  }

  /** Measures the prices of an analysis, or finds them. */
  Sensitivity prices(OpenModel model, Analysis analysed, Progress progress) {
    return sensitivity.measure(
        model,
        analysed.checkpoint().sample(),
        analysed.request(),
        measured(model, analysed, progress),
        progress);
  }

  private Measurer.Measured measured(OpenModel model, Analysis analysed, Progress progress) {
    return measurer.measure(model, analysed.checkpoint().sample(), analysed.request(), progress);
  }
}
