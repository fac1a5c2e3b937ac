package org.espalier.workbench;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.corpus.Calibration;
import org.espalier.importance.ImportanceMap;
import org.espalier.pruning.Method;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodRegistry;
import org.espalier.pruning.ParameterValues;
import org.espalier.pruning.Recipe;
import org.espalier.statistics.Collector;
import org.espalier.statistics.FolderPassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.StatisticsCache;
import org.espalier.statistics.StatisticsPass;
import org.espalier.task.Progress;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.workspace.Journal;
import org.espalier.workspace.Workspace;

/** Measures what a method needs, or finds it in the cache. */
final class Measurer {
  /** A pass saves its position at most this often. */
  static final long SAVE_NANOSECONDS = 5_000_000_000L;

  private final Workspace workspace;
  private final MethodRegistry methods;
  private final StatisticsCache cache;
  private final Texts texts;

  Measurer(Workspace workspace, MethodRegistry methods, Texts texts) {
    this.workspace = workspace;
    this.methods = methods;
    this.cache = new StatisticsCache(workspace.statisticsFolder());
    this.texts = texts;
  }

  /**
   * A method made ready for a checkpoint.
   *
   * @param calibration empty for methods that need no text
   */
  record Measured(
      MethodDescription method,
      ParameterValues parameters,
      Recipe recipe,
      Optional<Calibration> calibration,
      Statistics statistics,
      ImportanceMap importance) {
    String protocol() {
      return calibration.map(Calibration::description).orElse("");
    }
  }

  Measured measure(OpenModel model, boolean isSample, AnalysisRequest request, Progress progress) {
    Method method = methods.get(request.method());
    ParameterValues parameters = ParameterValues.of(method.description(), request.parameters());
    Recipe recipe = method.recipe(parameters);
    Optional<Calibration> calibration =
        recipe.readsActivations()
            ? Optional.of(texts.calibration(model, isSample, request.calibration()))
            : Optional.empty();
    Statistics statistics = statistics(model, recipe.collectors(), calibration, progress);
    ImportanceMap importance =
        ImportanceMap.of(recipe.scorer(), model.layout().config().shapes(), statistics);
    return new Measured(
        method.description(), parameters, recipe, calibration, statistics, importance);
  }

  private Statistics statistics(
      OpenModel model,
      Set<Collector> collectors,
      Optional<Calibration> calibration,
      Progress progress) {
    String checkpointHash = model.checkpoint().hash(progress);
    String calibrationHash = calibration.map(Calibration::hash).orElse("");
    Set<SubLayer> subLayers = subLayers(model);
    Statistics statistics = new Statistics(Map.of());
    Set<Collector> missing = new HashSet<>();
    for (Collector collector : collectors) {
      Optional<Statistics> known =
          cache.find(checkpointHash, calibrationHash, collector, subLayers);
      if (known.isPresent()) {
        statistics = statistics.with(known.get());
      } else {
        missing.add(collector);
      }
    }
    if (!missing.isEmpty()) {
      boolean reads = missing.stream().anyMatch(Collector::readsActivations);
      statistics =
          statistics.with(
              reads
                  ? pass(model, calibration.orElseThrow(), missing, progress)
                  : StatisticsPass.runOnWeights(model.decoder(), missing, progress));
      for (Collector collector : missing) {
        cache.store(checkpointHash, calibrationHash, collector, statistics);
      }
    }
    return statistics;
  }

  private Statistics pass(
      OpenModel model, Calibration calibration, Set<Collector> collectors, Progress progress) {
    List<String> ids = collectors.stream().map(Collector::id).sorted().toList();
    String key = String.join("\n", model.checkpoint().hash(), calibration.hash(), ids.toString());
    try (Journal journal = workspace.journal("measure", key)) {
      Statistics measured =
          StatisticsPass.run(
              model.decoder(),
              calibration.windows(),
              collectors,
              new FolderPassJournal(journal.folder(), SAVE_NANOSECONDS),
              progress);
      journal.complete();
      return measured;
    }
  }

  private static Set<SubLayer> subLayers(OpenModel model) {
    Set<SubLayer> subLayers = new HashSet<>();
    for (int block = 0; block < model.layout().config().blocks(); block++) {
      for (SubLayerKind kind : List.of(SubLayerKind.values())) {
        if (model.layout().config().shape(block).units(kind) > 0) {
          subLayers.add(new SubLayer(block, kind));
        }
      }
    }
    return subLayers;
  }
}
