package org.espalier.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.MeasuredCorrection;
import org.espalier.allocation.MeasuredCorrection.Measured;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.Surrogate;
import org.espalier.allocation.Target;
import org.espalier.allocation.WaterFillingAllocator;
import org.espalier.importance.RankCorrelation;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.transformer.SubLayer;
import org.espalier.workspace.Run;

/**
 * How well predictions from the calibration slice rank real runs of the sample model on other text:
 * Spearman's rank correlation over 30 allocations drawn between 10 and 50 %, and over 30 at 30 %
 * with block 0 locked, beside the ranking by the removed share alone. Then, what allocating by
 * price leaves of the model, beside the method's own allocation.
 */
public final class SurrogateQuality {
  private static final int ALLOCATIONS = 30;
  private static final EvaluationRequest OTHER_TEXT =
      new EvaluationRequest(Optional.empty(), 128, 48);
  private static final AnalysisRequest FLAP =
      new AnalysisRequest("flap", Map.of(), new CalibrationRequest(Optional.empty(), 0, 0, 0));

  private final LocalWorkbench workbench;
  private final OpenedCheckpoint sample;
  private final Analysis analysis;
  private final Surrogate surrogate;
  private final double dense;

  private SurrogateQuality(LocalWorkbench workbench) throws Exception {
    this.workbench = workbench;
    sample = await(workbench.open(Optional.empty(), "cpu"));
    analysis = await(workbench.analyse(sample, FLAP));
    SensitivityOutlook outlook = await(workbench.expectSensitivity(analysis));
    final long started = System.nanoTime();
    surrogate = new Surrogate(sample.model(), await(workbench.measureSensitivity(analysis)));
    System.out.printf(
        Locale.ROOT,
        "measuring prices: expected %.1f s, took %.1f s%n",
        outlook.expected().toNanos() / 1e9,
        (System.nanoTime() - started) / 1e9);
    dense = Math.log(await(workbench.evaluate(sample, OTHER_TEXT, point -> {})).perplexity());
  }

  /** Takes some minutes; works in a temporary folder. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("surrogate-quality");
    try (LocalWorkbench workbench = new LocalWorkbench(folder.resolve("workspace"))) {
      workbench.useThreads(1);
      SurrogateQuality quality = new SurrogateQuality(workbench);
      quality.rank("10 to 50 %", 1, Locks.NONE, 0.1, 0.5);
      PrunableModel model = quality.sample.model();
      Locks locked = Locks.NONE;
      for (SubLayer subLayer : List.of(SubLayer.attention(0), SubLayer.feedForward(0))) {
        locked = locked.with(subLayer, Hold.locked(model.units(subLayer)));
      }
      quality.rank("30 %, block 0 locked", 2, locked, 0.3, 0.3);
      quality.comparePrices();
    }
  }

  private void rank(String title, long seed, Locks locks, double from, double to) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> predicted = new ArrayList<>();
    List<Double> measured = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < ALLOCATIONS; i++) {
      Target target =
          new Target(from == to ? from : random.nextDouble(from, to), RatioDefinition.PRUNABLE);
      Allocation allocation = draw(random, target, locks);
      predicted.add(surrogate.change(allocation).orElseThrow());
      measured.add(Math.log(perplexity(allocation, target, locks)));
      shares.add(allocation.removedShare(sample.model(), RatioDefinition.PRUNABLE));
    }
    System.out.printf(
        Locale.ROOT,
        "%s: Spearman %.3f, by ratio alone %s; log-perplexity rises by %.3f to %.3f,"
            + " missed by %.3f in the median%n",
        title,
        spearman(predicted, measured),
        byRatio(spearman(shares, measured)),
        measured.stream().mapToDouble(y -> y - dense).min().orElseThrow(),
        measured.stream().mapToDouble(y -> y - dense).max().orElseThrow(),
        median(
            IntStream.range(0, ALLOCATIONS)
                .mapToDouble(i -> Math.abs(predicted.get(i) - (measured.get(i) - dense)))
                .toArray()));
    correct(predicted, measured);
  }

  /** All shares may be alike, and then they rank nothing. */
  private static String byRatio(double spearman) {
    return Double.isNaN(spearman)
        ? "nothing (all alike)"
        : String.format(Locale.ROOT, "%.3f", spearman);
  }

  /** Corrects by the first ten runs and looks at the other twenty. */
  private void correct(List<Double> predicted, List<Double> measured) {
    List<Measured> known = new ArrayList<>();
    known.add(new Measured(0, dense, true));
    for (int i = 0; i < 10; i++) {
      known.add(new Measured(predicted.get(i), measured.get(i), false));
    }
    MeasuredCorrection correction = new MeasuredCorrection(known);
    int held = 0;
    double[] misses = new double[ALLOCATIONS - 10];
    double factor = 0;
    for (int i = 10; i < ALLOCATIONS; i++) {
      MeasuredCorrection.Prediction prediction = correction.predict(predicted.get(i));
      factor = prediction.factor().orElseThrow();
      misses[i - 10] = Math.abs(Math.log(prediction.perplexity()) - measured.get(i));
      held += misses[i - 10] <= Math.log(factor) ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "  corrected by 10 of them: the others missed by %.3f in the median, %d of %d within the"
            + " band of x%.3f%n",
        median(misses),
        held,
        misses.length,
        factor);
  }

  /** Sub-layers lose shares that are drawn log-normally and scaled to the target. */
  private Allocation draw(SplittableRandom random, Target target, Locks locks) {
    Map<SubLayer, SubLayerScore> worths = new HashMap<>();
    for (SubLayer subLayer : sample.model().subLayers()) {
      double normal =
          Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
              * Math.cos(2 * Math.PI * random.nextDouble());
      worths.put(subLayer, new SubLayerScore(0, 0, 0, normal));
    }
    return new WaterFillingAllocator(
            sample.model(),
            new SubLayerScores("drawn", "drawn", worths),
            new WaterFillingAllocator.Settings(1, 0.9, 0, 0, 1, WaterFillingAllocator.Split.JOINT),
            SubLayerRemoval.FORBIDDEN)
        .allocate(target, locks);
  }

  private void comparePrices() throws Exception {
    Analysis priced = await(workbench.analyse(sample, FLAP.allocating(Allocators.PRICE)));
    for (double ratio : new double[] {0.2, 0.3, 0.4, 0.5}) {
      Target target = new Target(ratio, RatioDefinition.PRUNABLE);
      System.out.printf(
          Locale.ROOT,
          "remove %.0f %%: perplexity by the method's own allocation %.4f, by price %.4f (dense"
              + " %.4f)%n",
          100 * ratio,
          perplexity(analysis.allocate(target, Locks.NONE), target, Locks.NONE),
          perplexity(priced.allocate(target, Locks.NONE), target, Locks.NONE),
          Math.exp(dense));
    }
  }

  private double perplexity(Allocation allocation, Target target, Locks locks) throws Exception {
    Analysis fixed =
        new Analysis(
            sample,
            FLAP,
            analysis.method(),
            analysis.importance(),
            analysis.subLayers(),
            (wanted, around) -> allocation,
            true,
            analysis.calibration());
    Run run = await(workbench.prune(fixed, target, locks, "drawn"));
    double perplexity = await(workbench.evaluate(run, "cpu", OTHER_TEXT, point -> {})).perplexity();
    workbench.delete(run);
    return perplexity;
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get();
  }

  private static double median(double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static double spearman(List<Double> a, List<Double> b) {
    return RankCorrelation.spearman(
        a.stream().mapToDouble(Double::doubleValue).toArray(),
        b.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
