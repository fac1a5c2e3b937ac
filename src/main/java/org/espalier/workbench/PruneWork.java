package org.espalier.workbench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.corpus.Calibration;
import org.espalier.corpus.TextFingerprint;
import org.espalier.evaluation.PeakMemory;
import org.espalier.export.ExportOptions;
import org.espalier.export.ExportTargets;
import org.espalier.export.PrunedModel;
import org.espalier.export.WeightFormat;
import org.espalier.pruning.Plan;
import org.espalier.pruning.PlanFile;
import org.espalier.pruning.Pruner;
import org.espalier.pruning.Recipe;
import org.espalier.statistics.FolderPassJournal;
import org.espalier.statistics.PassJournal;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;
import org.espalier.workspace.Journal;
import org.espalier.workspace.KeptSearch;
import org.espalier.workspace.Run;
import org.espalier.workspace.RunDraft;
import org.espalier.workspace.Workspace;

/** Prunes: from an analysis with a target and locks to a run on disk. */
final class PruneWork {
  private final Workspace workspace;
  private final Measurer measurer;
  private final SearchWork search;

  PruneWork(Workspace workspace, Measurer measurer, SearchWork search) {
    this.workspace = workspace;
    this.measurer = measurer;
    this.search = search;
  }

  Run prune(OpenModel model, Analysis analysis, PruneRequest request, Progress progress) {
    final long started = System.nanoTime();
    final PeakMemory memory = PeakMemory.start();
    OpenedCheckpoint checkpoint = analysis.checkpoint();
    // An infeasible wish ends here, before anything is measured or written.
    Allocation preview = analysis.allocate(request.target(), request.locks());
    try (RunDraft draft = begin(checkpoint, request)) {
      Measurer.Measured measured =
          measurer.measure(model, checkpoint.sample(), analysis.request(), progress);
      String protocol = measured.protocol();
      Optional<KeptSearch> tried = Optional.empty();
      if (measured.recipe().scorerSearch().isPresent()) {
        SearchWork.Found found = search.search(model, analysis, request, measured, progress);
        preview = found.outcome().allocation();
        measured = measured.with(found.outcome().importance());
        protocol = found.protocol();
        tried = Optional.of(found.kept());
      }
      Allocation allocation = settle(model, analysis, preview, request.locks(), measured, progress);
      Pruner.Choice choice = choose(model, allocation, request.locks(), measured, progress);
      Plan plan = plan(model, analysis, request.target(), measured, choice, protocol);
      write(model, plan, draft.folder(), progress);
      tried.ifPresent(draft::keepSearch);
      measured
          .calibration()
          .map(text -> TextFingerprint.of(text.source(), text.windows()))
          .ifPresent(draft::noteCalibration);
      return draft.publish(
          run(
              draft,
              request,
              checkpoint,
              plan,
              (System.nanoTime() - started) / 1e9,
              memory.bytes()));
    }
  }

  /** What is tried before it is pruned. */
  record Draft(Target target, Locks locks) {}

  /** Continues a prompt with the dense model and with a draft as a mask; writes nothing. */
  SideBySide tryOut(
      OpenModel model,
      Analysis analysis,
      Draft draft,
      GenerationRequest request,
      Consumer<String> onDense,
      Consumer<String> onDraft,
      Progress progress) {
    Allocation preview = analysis.allocate(draft.target(), draft.locks());
    Measurer.Measured measured =
        measurer.measure(model, analysis.checkpoint().sample(), analysis.request(), progress);
    Allocation allocation = settle(model, analysis, preview, draft.locks(), measured, progress);
    Plan plan =
        plan(
            model,
            analysis,
            draft.target(),
            measured,
            choose(model, allocation, draft.locks(), measured, progress),
            measured.protocol());
    try (Decoder drafted = plan.masked(model.decoder())) {
      List<String> texts =
          GenerationWork.sideBySide(
              model, List.of(drafted), request, List.of(onDense, onDraft), progress);
      return new SideBySide(texts.get(0), texts.get(1));
    }
  }

  private static Plan plan(
      OpenModel model,
      Analysis analysis,
      Target target,
      Measurer.Measured measured,
      Pruner.Choice choice,
      String protocol) {
    return new Plan(
        analysis.checkpoint().name(),
        model.checkpoint().hash(),
        measured.method().name(),
        parameters(measured, analysis.request()),
        target,
        protocol,
        choice.blocks(),
        choice.compensation(),
        choice.hidden());
  }

  /** What the method makes of a preview, within the widths that are allowed. */
  private static Allocation settle(
      OpenModel model,
      Analysis analysis,
      Allocation preview,
      Locks locks,
      Measurer.Measured measured,
      Progress progress) {
    Allocation settled =
        new Pruner(model.decoder(), measured.recipe(), locks)
            .settle(
                preview,
                measured.importance(),
                measured.statistics(),
                measured.calibration().map(Calibration::windows),
                progress);
    return analysis.allowed(settled, preview);
  }

  /** The method's own, and the allocator where it is another than the method's. */
  private static Map<String, String> parameters(
      Measurer.Measured measured, AnalysisRequest request) {
    Map<String, String> parameters = new TreeMap<>(measured.parameters().asMap());
    if (!request.allocator().equals(Allocators.OWN)) {
      parameters.put("allocator", request.allocator());
    }
    return parameters;
  }

  /** A run is an export with widths per block, in the element type of the dense checkpoint. */
  private static void write(OpenModel model, Plan plan, Path folder, Progress progress) {
    try (Decoder pruned = plan.applied(model.decoder())) {
      ExportTargets.perLayer()
          .export(
              new PrunedModel(
                  model.checkpoint(), pruned, plan.hidden().map(hidden -> hidden.kept().toArray())),
              new ExportOptions(
                  WeightFormat.of(model.layout().embedding().dtype()), folder, false, Map.of()),
              progress);
    }
    PlanFile.write(folder, plan);
  }

  private Pruner.Choice choose(
      OpenModel model,
      Allocation allocation,
      Locks locks,
      Measurer.Measured measured,
      Progress progress) {
    if (measured.recipe().schedule() == Recipe.Schedule.DENSE) {
      return choose(model, allocation, locks, measured, PassJournal.NONE, progress);
    }
    String key =
        String.join(
            "\n",
            model.checkpoint().hash(),
            measured.calibration().orElseThrow().hash(),
            measured.method().name(),
            new TreeMap<>(measured.parameters().asMap()).toString(),
            allocation.toString(),
            pickedByHand(locks),
            "choices");
    try (Journal journal = workspace.journal("prune", key)) {
      Pruner.Choice choice =
          choose(
              model,
              allocation,
              locks,
              measured,
              new FolderPassJournal(journal.folder(), Measurer.SAVE_NANOSECONDS),
              progress);
      journal.complete();
      return choice;
    }
  }

  private static Pruner.Choice choose(
      OpenModel model,
      Allocation allocation,
      Locks locks,
      Measurer.Measured measured,
      PassJournal journal,
      Progress progress) {
    return new Pruner(model.decoder(), measured.recipe(), locks)
        .choose(
            allocation,
            measured.importance(),
            measured.statistics(),
            measured.calibration().map(Calibration::windows),
            journal,
            progress);
  }

  private static String pickedByHand(Locks locks) {
    return locks.picked().entrySet().stream()
        .map(
            entry ->
                entry.getKey().label()
                    + new TreeSet<>(entry.getValue().kept())
                    + new TreeSet<>(entry.getValue().dropped()))
        .sorted()
        .collect(Collectors.joining(";"));
  }

  private RunDraft begin(OpenedCheckpoint checkpoint, PruneRequest request) {
    return request
        .folder()
        .map(
            folder ->
                workspace.beginAt(folder, request.name(), checkpoint.folder(), request.overwrite()))
        .orElseGet(() -> workspace.begin(request.name()));
  }

  private static Run run(
      RunDraft draft,
      PruneRequest request,
      OpenedCheckpoint checkpoint,
      Plan plan,
      double seconds,
      long peakMemoryBytes) {
    Path written = draft.folder();
    long parametersAfter;
    long bytes;
    try (Checkpoint pruned = Checkpoint.open(written)) {
      parametersAfter = pruned.tensors().values().stream().mapToLong(TensorInfo::elements).sum();
      bytes = pruned.tensorBytes();
    }
    Allocation allocation = plan.allocation();
    return new Run(
        draft.id(),
        request.name(),
        draft.target(),
        checkpoint.folder(),
        plan.checkpointHash(),
        plan.method(),
        plan.parameters(),
        request.target(),
        request.locks(),
        allocation,
        Ratios.of(allocation, checkpoint.model()),
        checkpoint.model().totalParameters(),
        parametersAfter,
        bytes,
        seconds,
        peakMemoryBytes,
        Instant.now(),
        List.of(),
        Optional.empty());
  }
}
