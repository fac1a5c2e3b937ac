package org.espalier.workbench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PeakMemory;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodRegistry;
import org.espalier.report.ComparisonReport;
import org.espalier.report.MethodEffort;
import org.espalier.report.ReportFolder;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.workspace.Journal;
import org.espalier.workspace.Run;
import org.espalier.workspace.Workspace;

/**
 * Prunes a model with several methods and measures all under one protocol. Every model becomes a
 * run of the workspace; a killed or cancelled comparison goes on behind the last finished one.
 */
final class ComparisonWork {
  private static final String SEED = "seed";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Workspace workspace;
  private final MethodRegistry methods;
  private final Texts texts;
  private final Steps steps;

  /** What a comparison is made of. */
  interface Steps {
    /**
     * Analyses.
     *
     * @param afresh whether statistics that are known are measured again, for the time it takes
     */
    Analysis analyse(AnalysisRequest request, boolean afresh, Progress progress);

    Run prune(Analysis analysis, PruneRequest request, Progress progress);

    PerplexityResult evaluateDense(EvaluationRequest request, Progress progress);

    /** Kept with the run. */
    PerplexityResult evaluate(Run run, EvaluationRequest request, Progress progress);

    /** Kept with the run. */
    void measureSpeed(Run run, SpeedRequest request, Progress progress);
  }

  ComparisonWork(Workspace workspace, MethodRegistry methods, Texts texts, Steps steps) {
    this.workspace = workspace;
    this.methods = methods;
    this.texts = texts;
    this.steps = steps;
  }

  ComparisonResult compare(
      OpenModel model,
      OpenedCheckpoint checkpoint,
      ComparisonRequest request,
      Consumer<ComparisonRow> onRow,
      Progress progress) {
    try (Journal journal = workspace.journal("compare", key(model, checkpoint, request))) {
      Map<Integer, JsonNode> finished = new HashMap<>();
      journal.entries().forEach(line -> finished.put(line.get("entry").asInt(), line));
      int parts = request.entries().size() + 1;
      PerplexityResult dense =
          steps.evaluateDense(request.evaluation(), new Part(progress, "Dense model: ", 0, parts));
      List<Optional<ComparisonRow>> rows = new ArrayList<>();
      List<String> failures = new ArrayList<>();
      for (int i = 0; i < request.entries().size(); i++) {
        ComparisonEntry entry = request.entries().get(i);
        Part part = new Part(progress, entry.label() + ": ", i + 1, parts);
        Optional<Target> target = target(entry, rows);
        if (target.isEmpty()) {
          rows.add(Optional.empty());
          failures.add(entry.label() + ": the model whose share it should match failed.");
          continue;
        }
        try {
          Pruned pruned = pruned(i, entry, target.get(), request, finished, journal, part);
          rows.add(Optional.of(measured(entry, pruned, request, part)));
          onRow.accept(rows.get(i).get());
        } catch (EspalierException e) {
          // One method that cannot do it leaves the others comparable.
          rows.add(Optional.empty());
          failures.add(entry.label() + ": " + e.getMessage());
        }
      }
      ComparisonResult result =
          result(
              checkpoint,
              request,
              dense,
              rows.stream().flatMap(Optional::stream).toList(),
              failures);
      journal.complete();
      return result;
    }
  }

  private String key(OpenModel model, OpenedCheckpoint checkpoint, ComparisonRequest request) {
    // Texts by content: a changed file is another comparison.
    String evaluation =
        texts.evaluation(model, checkpoint.sample(), request.evaluation()).windows().hash();
    String calibration =
        needsCalibration(request)
            ? texts.calibration(model, checkpoint.sample(), request.calibration()).hash()
            : "";
    return String.join(
        "\n",
        model.checkpoint().hash(),
        checkpoint.device(),
        evaluation,
        calibration,
        request.entries().toString(),
        request.speed().toString());
  }

  private boolean needsCalibration(ComparisonRequest request) {
    return request.entries().stream().anyMatch(entry -> description(entry).needsCalibration());
  }

  private MethodDescription description(ComparisonEntry entry) {
    return methods.get(entry.method()).description();
  }

  /** Empty if the entry that it should match failed. */
  private static Optional<Target> target(
      ComparisonEntry entry, List<Optional<ComparisonRow>> earlier) {
    if (entry.sameShareAs().isEmpty()) {
      return Optional.of(entry.target());
    }
    return earlier
        .get(entry.sameShareAs().getAsInt())
        .map(row -> new Target(row.run().ratios().prunable(), RatioDefinition.PRUNABLE));
  }

  /** A run of this comparison, made now or before an interruption. */
  private record Pruned(Run run, MethodEffort effort, Optional<String> remark) {}

  private Pruned pruned(
      int index,
      ComparisonEntry entry,
      Target target,
      ComparisonRequest request,
      Map<Integer, JsonNode> finished,
      Journal journal,
      Part part) {
    JsonNode known = finished.get(index);
    if (known != null) {
      Optional<Run> run = existing(known.get("run").asText());
      if (run.isPresent()) {
        String remark = known.path("remark").asText();
        return new Pruned(
            run.get(),
            new MethodEffort(
                known.get("analysisSeconds").asDouble(),
                known.path("statisticsReused").asBoolean(),
                known.path("peakMemoryBytes").asLong(),
                known.path("memoryBeforeBytes").asLong()),
            remark.isEmpty() ? Optional.empty() : Optional.of(remark));
      }
    }
    Map<String, String> parameters = new HashMap<>(entry.parameters());
    if (description(entry).hasParameter(SEED)) {
      parameters.putIfAbsent(SEED, Long.toString(entry.seed()));
    }
    // Methods share statistics; the first model of each measures all of its own, to be timed.
    boolean reuses =
        IntStream.range(0, index)
            .mapToObj(request.entries()::get)
            .anyMatch(earlier -> measuresAlike(earlier, entry));
    PeakMemory memory = PeakMemory.start();
    long started = System.nanoTime();
    Analysis analysis =
        steps.analyse(
            new AnalysisRequest(entry.method(), parameters, request.calibration()),
            !reuses,
            part.share(0, 0.4));
    double seconds = (System.nanoTime() - started) / 1e9;
    long analysisPeak = memory.bytes();
    Run run =
        steps.prune(
            analysis,
            new PruneRequest(target, Locks.NONE, name(entry, target), Optional.empty(), false),
            part.share(0.4, 0.7));
    MethodEffort effort =
        new MethodEffort(
            seconds, reuses, Math.max(analysisPeak, run.peakMemoryBytes()), memory.startBytes());
    Optional<String> remark = analysis.remark(target, run.allocation());
    journal.append(
        Map.of(
            "entry",
            index,
            "run",
            run.id(),
            "analysisSeconds",
            effort.analysisSeconds(),
            "statisticsReused",
            effort.statisticsReused(),
            "peakMemoryBytes",
            effort.peakMemoryBytes(),
            "memoryBeforeBytes",
            effort.memoryBeforeBytes(),
            "remark",
            remark.orElse("")));
    return new Pruned(run, effort, remark);
  }

  private static boolean measuresAlike(ComparisonEntry one, ComparisonEntry other) {
    return one.method().equals(other.method()) && one.parameters().equals(other.parameters());
  }

  private Optional<Run> existing(String id) {
    return workspace.runs().runs().stream().filter(run -> run.id().equals(id)).findFirst();
  }

  private static String name(ComparisonEntry entry, Target target) {
    String percent = String.format(Locale.ROOT, "%.1f", 100 * target.ratio());
    return entry.label() + " " + percent.replace(".0", "") + " %";
  }

  private ComparisonRow measured(
      ComparisonEntry entry, Pruned pruned, ComparisonRequest request, Part part) {
    PerplexityResult perplexity =
        steps.evaluate(pruned.run(), request.evaluation(), part.share(0.7, 0.9));
    if (request.speed().isPresent() && existing(pruned.run().id()).flatMap(Run::speed).isEmpty()) {
      steps.measureSpeed(pruned.run(), request.speed().get(), part.share(0.9, 1));
    }
    return new ComparisonRow(
        entry,
        existing(pruned.run().id())
            .orElseThrow(
                () ->
                    new EspalierException(
                        "the run " + pruned.run().name() + " was deleted during the comparison.")),
        perplexity,
        pruned.effort(),
        pruned.remark());
  }

  private ComparisonResult result(
      OpenedCheckpoint checkpoint,
      ComparisonRequest request,
      PerplexityResult dense,
      List<ComparisonRow> rows,
      List<String> failures) {
    ComparisonReport report =
        new ComparisonReport(
            request.title(),
            checkpoint.name(),
            request.explanation(),
            calibration(request),
            dense,
            request.baseline(),
            rows.stream().map(ComparisonRow::reported).toList(),
            failures);
    Path folder =
        request
            .report()
            .orElseGet(
                () ->
                    workspace.folder().resolve("comparisons").resolve(STAMP.format(Instant.now())));
    return new ComparisonResult(
        dense,
        rows,
        report.conclusions(),
        failures,
        report.table(),
        ReportFolder.write(report, folder));
  }

  private static String calibration(ComparisonRequest request) {
    CalibrationRequest calibration = request.calibration();
    return calibration.file().map(Path::toString).orElse("the sample model's own text")
        + (calibration.samples() > 0 ? ", " + calibration.samples() + " windows" : "")
        + (calibration.window() > 0 ? " of " + calibration.window() + " tokens" : "")
        + ", seed "
        + calibration.seed();
  }

  /** The progress of one of several parts, as part of the whole. */
  private static final class Part implements Progress {
    private static final long FINE = 1000;

    private final Progress whole;
    private final String prefix;
    private final double from;
    private final double to;
    private final long parts;

    Part(Progress whole, String prefix, int index, int parts) {
      this(whole, prefix, index, index + 1.0, parts);
    }

    private Part(Progress whole, String prefix, double from, double to, long parts) {
      this.whole = whole;
      this.prefix = prefix;
      this.from = from;
      this.to = to;
      this.parts = parts;
    }

    /** A part of this part, in shares from 0 to 1. */
    Part share(double first, double last) {
      double length = to - from;
      return new Part(whole, prefix, from + first * length, from + last * length, parts);
    }

    @Override
    public void report(String stage, long done, long total) {
      double share = total > 0 ? Math.min(1, (double) done / total) : 0;
      whole.report(prefix + stage, Math.round(FINE * (from + share * (to - from))), FINE * parts);
    }
  }
}
