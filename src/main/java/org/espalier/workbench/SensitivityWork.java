package org.espalier.workbench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.Sensitivity;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.VectorFile;
import org.espalier.corpus.Calibration;
import org.espalier.corpus.Hashes;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.SensitivityPass;
import org.espalier.importance.ImportanceMap;
import org.espalier.pruning.CutBlocks;
import org.espalier.pruning.PrunableModels;
import org.espalier.pruning.Pruner;
import org.espalier.pruning.Recipe;
import org.espalier.statistics.PassJournal;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.workspace.Journal;
import org.espalier.workspace.Workspace;

/**
 * Measures what each sub-layer costs in log-perplexity, or finds it in the cache; a killed or
 * cancelled measurement goes on behind its last block.
 */
final class SensitivityWork {
  /** Shares at which sub-layers are measured. */
  private static final double[] LEVELS = {0, 0.15, 0.3, 0.5, 0.7, 0.85, 1};

  /** Places in {@link #LEVELS} of the even models around which sub-layers are varied. */
  private static final int[] BASELINES = {2, 3};

  /** Calibration windows that everything is judged on. */
  private static final int SLICE = 16;

  /** Changes when numbers of earlier versions must not be used any more. */
  private static final String VERSION = "sensitivity-1";

  private final Workspace workspace;
  private final Texts texts;

  SensitivityWork(Workspace workspace, Texts texts) {
    this.workspace = workspace;
    this.texts = texts;
  }

  /** What there is to measure. */
  private final class Task {
    private final OpenModel model;
    private final Measurer.Measured measured;
    private final TokenWindows slice;
    private final Progress progress;
    private final String key;

    Task(
        OpenModel model,
        boolean isSample,
        AnalysisRequest request,
        Measurer.Measured measured,
        Progress progress) {
      this.model = model;
      this.measured = measured;
      this.progress = progress;
      Calibration calibration =
          measured
              .calibration()
              .orElseGet(() -> texts.calibration(model, isSample, request.calibration()));
      slice = calibration.windows().first(Math.min(SLICE, calibration.windows().count()));
      key =
          String.join(
              "\n",
              VERSION,
              model.checkpoint().hash(progress),
              calibration.hash(),
              slice.hash(),
              hash(measured.importance()),
              name(measured.recipe().selector()),
              name(measured.recipe().compensator()),
              Arrays.toString(LEVELS),
              Arrays.toString(BASELINES));
    }

    SensitivityPass pass() {
      PrunableModel shape = PrunableModels.of(model.layout());
      Decoder dense = model.decoder();
      Pruner pruner = new Pruner(dense, measured.recipe());
      List<Allocation> levels =
          Arrays.stream(LEVELS).mapToObj(share -> Allocation.even(shape, share)).toList();
      return new SensitivityPass(
          dense,
          slice,
          levels,
          Arrays.stream(BASELINES).mapToObj(levels::get).toList(),
          level -> level.equals(levels.get(0)) ? dense.blocks() : cut(pruner, level, dense));
    }

    private CutBlocks cut(Pruner pruner, Allocation allocation, Decoder dense) {
      Pruner.Choice choice =
          pruner.choose(
              allocation,
              measured.importance(),
              measured.statistics(),
              Optional.empty(),
              PassJournal.NONE,
              progress);
      return new CutBlocks(
          dense.blocks(), choice.blocks(), choice.compensation(), dense.config().headSize());
    }

    Optional<List<double[]>> cached() {
      if (!Files.exists(file())) {
        return Optional.empty();
      }
      try {
        return Optional.of(List.copyOf(new TreeMap<>(VectorFile.read(file())).values()));
      } catch (CheckpointException e) {
        // A damaged cache file is as good as none: it is measured and written again.
        return Optional.empty();
      }
    }

    Sensitivity measure(SensitivityPass pass) {
      try (Journal journal = workspace.journal("price", key)) {
        List<double[]> steps = new ArrayList<>();
        for (JsonNode entry : journal.entries()) {
          steps.add(values(entry));
        }
        Sensitivity sensitivity =
            pass.measure(
                List.copyOf(steps),
                step -> {
                  steps.add(step);
                  journal.append(step);
                },
                progress);
        Map<String, double[]> vectors = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
          vectors.put("step-%06d".formatted(i), steps.get(i));
        }
        VectorFile.write(file(), vectors);
        journal.complete();
        return sensitivity;
      }
    }

    private Path file() {
      return workspace
          .statisticsFolder()
          .resolve(Hashes.sha256(key.getBytes(StandardCharsets.UTF_8)) + ".safetensors");
    }
  }

  /** What is known before, and how long the rest would take. */
  SensitivityOutlook outlook(
      OpenModel model,
      boolean isSample,
      AnalysisRequest request,
      Measurer.Measured measured,
      Progress progress) {
    Optional<String> obstacle = obstacle(measured);
    if (obstacle.isPresent()) {
      return new SensitivityOutlook(Optional.empty(), Duration.ZERO, obstacle);
    }
    Task task = new Task(model, isSample, request, measured, progress);
    SensitivityPass pass = task.pass();
    Optional<Sensitivity> known =
        task.cached().map(steps -> pass.measure(steps, step -> {}, progress));
    return new SensitivityOutlook(
        known, known.isPresent() ? Duration.ZERO : pass.expected(), Optional.empty());
  }

  /**
   * Measures or finds.
   *
   * @throws EspalierException if the method's units depend on what was pruned before
   */
  Sensitivity measure(
      OpenModel model,
      boolean isSample,
      AnalysisRequest request,
      Measurer.Measured measured,
      Progress progress) {
    obstacle(measured)
        .ifPresent(
            reason -> {
              throw new EspalierException(reason);
            });
    Task task = new Task(model, isSample, request, measured, progress);
    SensitivityPass pass = task.pass();
    return task.cached()
        .map(steps -> pass.measure(steps, step -> {}, progress))
        .orElseGet(() -> task.measure(pass));
  }

  private static Optional<String> obstacle(Measurer.Measured measured) {
    String title = measured.method().title();
    if (measured.recipe().schedule() != Recipe.Schedule.DENSE) {
      return Optional.of(
          "Prices are not known for "
              + title
              + ", which measures later blocks on pruned ones; choose another method for them.");
    }
    if (measured.recipe().hiddenScorer().isPresent()) {
      return Optional.of(
          "Prices are not known for hidden channels, which run through the whole model; choose"
              + " structure=blocks for them.");
    }
    if (measured.recipe().scorerSearch().isPresent() || measured.recipe().search().isPresent()) {
      return Optional.of(
          "Prices are not known for "
              + title
              + ", which decides by a search when it prunes; choose another method for them.");
    }
    return Optional.empty();
  }

  private static double[] values(JsonNode entry) {
    double[] values = new double[entry.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = entry.get(i).asDouble();
    }
    return values;
  }

  /** Scores decide which units a sub-layer keeps; they stand for whatever they come from. */
  private static String hash(ImportanceMap importance) {
    List<double[]> scores = new ArrayList<>();
    for (int block = 0; block < importance.blocks(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        scores.add(importance.scores(new SubLayer(block, kind)));
      }
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(
            Math.toIntExact(scores.stream().mapToLong(vector -> 8L * (vector.length + 1)).sum()));
    for (double[] vector : scores) {
      bytes.putLong(vector.length);
      for (double score : vector) {
        bytes.putDouble(score);
      }
    }
    return Hashes.sha256(bytes.array());
  }

  /** Records tell their values, others are known by their class. */
  private static String name(Object part) {
    return part instanceof Record ? part.toString() : part.getClass().getName();
  }
}
