package org.espalier.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.tasks.TokenisationProfile;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.ScoreAgreement;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.workspace.Run;

/**
 * Measures the comparison of the sample model that comes with the program ({@code
 * resources/sample/comparison.json}): six methods at four ratios, perplexity and speed of all,
 * tasks and texts at two of the ratios, agreement of the scores.
 *
 * <p>Arguments: the file to write, a folder with task data sets, and a folder for the workspace,
 * where a second start goes on.
 */
public final class SampleComparison {
  private static final List<String> METHODS =
      List.of("obs", "flap", "te-prune", "slimllm", "wanda-sp", "magnitude");
  private static final List<Double> RATIOS = List.of(0.2, 0.3, 0.4, 0.5);
  private static final List<Double> CLOSER_LOOK = List.of(0.3, 0.5);
  private static final List<String> TASKS = List.of("arc_easy", "hellaswag", "winogrande");
  private static final int ITEMS = 200;
  private static final int WINDOWS = 64;
  private static final int ROUNDS = 21;
  private static final String PROMPT = "Once upon a time";
  private static final int NEW_TOKENS = 96;
  private static final String DEVICE = "cpu";

  private final LocalWorkbench workbench;
  private final Path tasks;
  private OpenedCheckpoint sample;

  private SampleComparison(LocalWorkbench workbench, Path tasks) {
    this.workbench = workbench;
    this.tasks = tasks;
  }

  public static void main(String[] arguments) throws IOException {
    try (LocalWorkbench workbench = new LocalWorkbench(Path.of(arguments[2]))) {
      workbench.useThreads(1);
      String json = new SampleComparison(workbench, Path.of(arguments[1])).measure().toJson();
      Files.writeString(Path.of(arguments[0]), json);
      System.out.println(json.length() + " characters in " + arguments[0]);
    }
  }

  private StoredComparison measure() {
    sample = workbench.open(Optional.empty(), DEVICE).result().join();
    CalibrationRequest calibration = new CalibrationRequest(Optional.empty(), 0, 0, 0);
    List<ComparisonEntry> entries = new ArrayList<>();
    for (double ratio : RATIOS) {
      for (String method : METHODS) {
        entries.add(
            ComparisonEntry.of(method, method, new Target(ratio, RatioDefinition.PRUNABLE)));
      }
    }
    List<Run> runs =
        workbench
            .compare(
                sample,
                new ComparisonRequest(
                    "Sample comparison",
                    "",
                    entries,
                    calibration,
                    new EvaluationRequest(Optional.empty(), 0, WINDOWS),
                    Optional.empty(),
                    Optional.of(new SpeedRequest(128, 64, 2, ROUNDS)),
                    Optional.empty()),
                row -> System.out.println(row.run().name() + " " + row.perplexity().perplexity()))
            .result()
            .join()
            .rows()
            .stream()
            .map(ComparisonRow::run)
            .toList();
    List<Run> closer =
        runs.stream().filter(run -> CLOSER_LOOK.contains(run.target().ratio())).toList();
    for (String task : TASKS) {
      TaskRequest request =
          new TaskRequest(task, tasks, TokenisationProfile.HCUR, ITEMS, Optional.empty(), false);
      workbench.evaluateTask(sample, request, point -> {}).result().join();
      closer.forEach(
          run -> workbench.evaluateTask(run, DEVICE, request, point -> {}).result().join());
      System.out.println(task);
    }
    List<String> texts =
        workbench
            .generate(
                sample,
                closer,
                new GenerationRequest(PROMPT, NEW_TOKENS, 0, 0, 0),
                Collections.nCopies(closer.size() + 1, piece -> {}))
            .result()
            .join();
    Map<String, ImportanceMap> scores = new LinkedHashMap<>();
    for (String method : METHODS) {
      scores.put(
          method,
          workbench
              .analyse(sample, new AnalysisRequest(method, Map.of(), calibration))
              .result()
              .join()
              .importance());
    }
    Map<String, String> byRun = new LinkedHashMap<>();
    for (int i = 0; i < closer.size(); i++) {
      byRun.put(closer.get(i).id(), texts.get(i + 1));
    }
    return new StoredComparison(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        runs.stream().map(run -> rounded(workbench.compared(workbench.findRun(run.id())))).toList(),
        PROMPT,
        texts.get(0),
        byRun,
        rounded(ScoreAgreement.of(scores)));
  }

  /** Five decimals of what windows say are enough to draw them. */
  private static ComparedRun rounded(ComparedRun compared) {
    Run run = compared.run();
    return new ComparedRun(
        new Run(
            run.id(),
            run.name(),
            run.folder(),
            run.checkpoint(),
            run.checkpointHash(),
            run.method(),
            run.parameters(),
            run.target(),
            run.locks(),
            run.allocation(),
            run.ratios(),
            run.parametersBefore(),
            run.parametersAfter(),
            run.bytes(),
            run.seconds(),
            run.peakMemoryBytes(),
            run.created(),
            run.perplexities().stream().map(SampleComparison::rounded).toList(),
            run.speed(),
            run.recoveredFrom(),
            run.tasks()),
        compared.densePerplexities().stream().map(SampleComparison::rounded).toList(),
        compared.tasks());
  }

  private static PerplexityResult rounded(PerplexityResult result) {
    return new PerplexityResult(
        result.perplexity(),
        result.windowNegativeLogLikelihoods().stream().map(value -> rounded(value, 1e5)).toList(),
        result.tokens(),
        result.seconds(),
        result.protocol(),
        result.estimate(),
        result.textWindows(),
        result.warnings());
  }

  private static ScoreAgreement rounded(ScoreAgreement agreement) {
    return new ScoreAgreement(
        agreement.pairs().stream()
            .map(
                pair ->
                    new ScoreAgreement.Pair(
                        pair.first(),
                        pair.second(),
                        pair.attention().stream().map(value -> rounded(value, 1e3)).toList(),
                        pair.feedForward().stream().map(value -> rounded(value, 1e3)).toList()))
            .toList());
  }

  private static double rounded(double value, double steps) {
    return Double.isFinite(value) ? Math.round(value * steps) / steps : value;
  }
}
