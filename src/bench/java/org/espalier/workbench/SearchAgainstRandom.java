package org.espalier.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.search.Trial;
import org.espalier.workspace.Run;

/**
 * AdaPruner's search of 40 trials against the best of 10 random settings on the sample model, by
 * the held-out text that judges trials and by the sample's evaluation text, which neither sees.
 */
public final class SearchAgainstRandom {
  private final LocalWorkbench workbench;
  private final OpenedCheckpoint sample;

  private SearchAgainstRandom(LocalWorkbench workbench) {
    this.workbench = workbench;
    sample = workbench.open(Optional.empty(), "cpu").result().join();
  }

  /**
   * Takes some minutes; works in a temporary folder. Arguments: the number of seeds, and shares to
   * remove, if not 0.2 and 0.5.
   */
  public static void main(String[] arguments) throws Exception {
    int seeds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    Path folder = Files.createTempDirectory("search-against-random");
    try (LocalWorkbench workbench = new LocalWorkbench(folder)) {
      workbench.useThreads(1);
      SearchAgainstRandom comparison = new SearchAgainstRandom(workbench);
      for (double ratio : ratios(arguments)) {
        for (int seed = 0; seed < seeds; seed++) {
          comparison.compare(ratio, seed);
        }
      }
    }
  }

  private static double[] ratios(String[] arguments) {
    return arguments.length > 1
        ? Arrays.stream(arguments).skip(1).mapToDouble(Double::parseDouble).toArray()
        : new double[] {0.2, 0.5};
  }

  private void compare(double ratio, int seed) {
    // Trials before the 11th are drawn at random; another seed makes them, and the calibration
    // sets,
    // independent.
    Found random = find(ratio, Map.of("trials", "10", "seed", String.valueOf(1000 + seed)));
    Found search = find(ratio, Map.of("trials", "40", "seed", String.valueOf(seed)));
    System.out.printf(
        Locale.ROOT,
        "%.0f %%, seed %d: held out %.4f against %.4f of the best random setting; evaluation text"
            + " %.4f against %.4f (dense held out %.4f); best trial %d%n",
        100 * ratio,
        seed,
        search.best.value(),
        random.best.value(),
        search.evaluation,
        random.evaluation,
        search.dense,
        search.best.number() + 1);
  }

  private record Found(Trial best, double dense, double evaluation) {}

  private Found find(double ratio, Map<String, String> parameters) {
    AtomicReference<SearchSnapshot> last = new AtomicReference<>();
    try (Subscription watching = workbench.onSearch(last::set)) {
      Analysis analysis =
          workbench
              .analyse(
                  sample,
                  new AnalysisRequest(
                      "adapruner", parameters, new CalibrationRequest(Optional.empty(), 0, 0, 0)))
              .result()
              .join();
      Run run =
          workbench
              .prune(analysis, new Target(ratio, RatioDefinition.PRUNABLE), Locks.NONE, "search")
              .result()
              .join();
      PerplexityResult evaluation =
          workbench
              .evaluate(run, "cpu", new EvaluationRequest(Optional.empty(), 128, 64), point -> {})
              .result()
              .join();
      List<Trial> trials = last.get().trials();
      if (trials.isEmpty()) {
        throw new IllegalStateException("no trials were told");
      }
      return new Found(
          last.get().best().orElseThrow(), last.get().densePerplexity(), evaluation.perplexity());
    }
  }
}
