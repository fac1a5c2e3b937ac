package org.espalier.workbench;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.espalier.corpus.Calibration;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScores;
import org.espalier.pruning.Method;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodRegistry;
import org.espalier.pruning.ParameterValues;
import org.espalier.pruning.Recipe;
import org.espalier.statistics.Collector;
import org.espalier.statistics.FolderPassJournal;
import org.espalier.statistics.Measurement;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.StatisticsCache;
import org.espalier.statistics.StatisticsPass;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.task.Progress;
import org.espalier.torch.Devices;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.workspace.Journal;
import org.espalier.workspace.Workspace;

/** Measures what a method needs, or finds it in the cache. */
final class Measurer {
  /** A pass saves its position at most this often. */
  static final long SAVE_NANOSECONDS = 5_000_000_000L;

  /** Stands for the text of measurements that read weights only. */
  private static final TokenWindows NO_TEXT = TokenWindows.of(new int[][] {{0}});

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

  private Measurer(Measurer like, StatisticsCache cache) {
    workspace = like.workspace;
    methods = like.methods;
    texts = like.texts;
    this.cache = cache;
  }

  /** Measures everything anew, whatever is known, and leaves it for this one to find. */
  Measurer afresh() {
    return new Measurer(this, cache.renewing());
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
      ImportanceMap importance,
      SubLayerScores subLayers) {
    /** The same with other scores. */
    Measured with(ImportanceMap other) {
      return new Measured(method, parameters, recipe, calibration, statistics, other, subLayers);
    }

    String protocol() {
      return calibration.map(Calibration::description).orElse("");
    }
  }

  Measured measure(OpenModel model, boolean isSample, AnalysisRequest request, Progress progress) {
    Method method = methods.get(request.method());
    ParameterValues parameters = ParameterValues.of(method.description(), request.parameters());
    Recipe recipe = method.recipe(parameters);
    if (recipe.hiddenScorer().isPresent()) {
      model.layout().config().requireNarrowable();
    }
    Optional<Calibration> calibration =
        recipe.readsActivations()
            ? Optional.of(texts.calibration(model, isSample, request.calibration()))
            : Optional.empty();
    Statistics statistics = statistics(model, recipe.denseCollectors(), calibration, progress);
    for (SubLayerMeasurement measurement : recipe.measurements()) {
      statistics = statistics.with(subLayers(model, measurement, calibration, progress));
    }
    DecoderConfig config = model.layout().config();
    return new Measured(
        method.description(),
        parameters,
        recipe,
        calibration,
        statistics,
        ImportanceMap.of(recipe.scorer(), config.shapes(), statistics),
        recipe.subLayerScores(config, statistics));
  }

  private Statistics statistics(
      OpenModel model,
      Set<Collector> collectors,
      Optional<Calibration> calibration,
      Progress progress) {
    String checkpointHash = model.checkpoint().hash(progress);
    Set<SubLayer> subLayers = subLayers(model);
    Statistics statistics = new Statistics(Map.of());
    Set<Collector> missing = new HashSet<>();
    for (Collector collector : collectors) {
      Optional<Statistics> known =
          cache.find(
              checkpointHash, conditions(model, collector, calibration), collector, subLayers);
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
        cache.store(
            checkpointHash, conditions(model, collector, calibration), collector, statistics);
      }
    }
    return statistics;
  }

  private Statistics pass(
      OpenModel model, Calibration calibration, Set<Collector> collectors, Progress progress) {
    List<String> ids = collectors.stream().map(Collector::id).sorted().toList();
    return journaled(
        model,
        calibration,
        ids,
        journal ->
            StatisticsPass.run(
                model.decoder(), calibration.windows(), collectors, journal, progress));
  }

  /** What one measurement gives, from the cache if it was taken before. */
  Statistics subLayers(
      OpenModel model,
      SubLayerMeasurement measurement,
      Optional<Calibration> calibration,
      Progress progress) {
    String checkpointHash = model.checkpoint().hash(progress);
    String conditions = conditions(model, measurement, calibration);
    Optional<Statistics> known =
        cache.find(checkpointHash, conditions, measurement, subLayers(model));
    if (known.isPresent()) {
      return known.get();
    }
    if (!measurement.readsActivations() && !measurement.dependsOnDevice()) {
      Statistics ofWeights =
          measurement.measure(model.decoder(), NO_TEXT, PassJournal.NONE, progress);
      cache.store(checkpointHash, conditions, measurement, ofWeights);
      return ofWeights;
    }
    Calibration text = calibration.orElseThrow();
    Statistics measured =
        journaled(
            model,
            text,
            List.of(measurement.id()),
            journal -> measurement.measure(model.decoder(), text.windows(), journal, progress));
    cache.store(checkpointHash, conditions, measurement, measured);
    return measured;
  }

  private Statistics journaled(
      OpenModel model,
      Calibration calibration,
      List<String> ids,
      Function<PassJournal, Statistics> measuring) {
    String key = String.join("\n", model.checkpoint().hash(), calibration.hash(), ids.toString());
    try (Journal journal = workspace.journal("measure", key)) {
      Statistics measured =
          measuring.apply(new FolderPassJournal(journal.folder(), SAVE_NANOSECONDS));
      journal.complete();
      return measured;
    }
  }

  /** What numbers depend on beside the checkpoint, for the cache. */
  private static String conditions(
      OpenModel model, Measurement measurement, Optional<Calibration> calibration) {
    if (measurement.dependsOnDevice()) {
      return Devices.name(model.decoder().device());
    }
    return measurement.readsActivations() ? calibration.orElseThrow().hash() : "";
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
