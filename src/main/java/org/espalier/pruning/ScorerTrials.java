package org.espalier.pruning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.ConstrainedAllocator;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.Target;
import org.espalier.allocation.WidthConstraint;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.Scorer;
import org.espalier.importance.SubLayerScores;
import org.espalier.search.Trial;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;

/**
 * Carries out a {@link ScorerSearch} for one target: each trial measures what its scorer reads on
 * its calibration set, prunes as a mask, and is judged. Nothing is cut on the way.
 */
public final class ScorerTrials {
  /** Steps of the progress that one trial counts for. */
  private static final int STEPS = 1000;

  /** Gives what was measured on a calibration set, from a cache if it was before. */
  @FunctionalInterface
  public interface SetMeasurer {
    Statistics measure(Set<SubLayerMeasurement> measurements, TokenWindows set, Progress progress);
  }

  /** Says how bad a pruned model is; what it judges with must not be in any calibration set. */
  @FunctionalInterface
  public interface Judge {
    double judge(Decoder pruned, Progress progress);
  }

  /**
   * What was found.
   *
   * @param best trial with the lowest value, the first of equal ones
   * @param importance by its scorer
   */
  public record Outcome(Trial best, ImportanceMap importance, Allocation allocation) {}

  private final Decoder dense;
  private final PrunableModel model;
  private final Recipe recipe;
  private final ScorerSearch search;
  private final Target target;
  private final Locks locks;
  private final WidthConstraint constraint;
  private final TokenWindows pool;
  private final SetMeasurer measurer;
  private final Judge judge;

  /**
   * Prepares.
   *
   * @param recipe with a search
   * @param constraint what widths every trial keeps to
   * @param pool windows that calibration sets are drawn from
   */
  public ScorerTrials(
      Decoder dense,
      PrunableModel model,
      Recipe recipe,
      Target target,
      Locks locks,
      WidthConstraint constraint,
      TokenWindows pool,
      SetMeasurer measurer,
      Judge judge) {
    this.dense = dense;
    this.model = model;
    this.recipe = recipe;
    search = recipe.scorerSearch().orElseThrow();
    this.target = target;
    this.locks = locks;
    this.constraint = constraint;
    this.pool = pool;
    this.measurer = measurer;
    this.judge = judge;
  }

  /**
   * Tries what is left to try.
   *
   * @param known trials of an earlier attempt, in their order
   * @param onTrial called after every further trial
   * @throws EspalierException if no trial gave a number
   */
  public Outcome run(List<Trial> known, Consumer<Trial> onTrial, Progress progress) {
    List<Trial> trials = new ArrayList<>(known);
    while (trials.size() < search.trials()) {
      int number = trials.size();
      Map<String, Double> point = search.suggester().suggest(List.copyOf(trials));
      Trial trial = new Trial(number, point, value(point, number, progress));
      trials.add(trial);
      onTrial.accept(trial);
    }
    Trial best =
        trials.stream()
            .filter(trial -> Double.isFinite(trial.value()))
            .min(Comparator.comparingDouble(Trial::value))
            .orElseThrow(
                () ->
                    new EspalierException(
                        "No setting gave a model whose perplexity is a number; check the"
                            + " calibration text and the checkpoint for broken values, or ask for a"
                            + " smaller ratio."));
    ImportanceMap importance = importance(best.point(), Progress.SILENT);
    return new Outcome(best, importance, allocation(importance));
  }

  private double value(Map<String, Double> point, int number, Progress progress) {
    ImportanceMap importance = importance(point, part(progress, number, 0));
    Progress judging = part(progress, number, STEPS / 2);
    Plan plan = plan(importance, judging);
    return judge.judge(
        dense.withBlocks(new MaskedBlocks(dense.blocks(), plan, dense.config().headSize())),
        judging);
  }

  private ImportanceMap importance(Map<String, Double> point, Progress progress) {
    Scorer scorer = search.scorer().apply(point);
    Statistics statistics =
        measurer.measure(scorer.measurements(), search.set(pool, point), progress);
    return ImportanceMap.of(scorer, dense.config().shapes(), statistics);
  }

  private Allocation allocation(ImportanceMap importance) {
    Allocator free = recipe.allocation().prepare(model, importance, SubLayerScores.NONE);
    return new ConstrainedAllocator(model, free, constraint).allocate(target, locks);
  }

  private Plan plan(ImportanceMap importance, Progress progress) {
    Pruner.Choice choice =
        new Pruner(dense, recipe, locks)
            .choose(
                allocation(importance),
                importance,
                new Statistics(Map.of()),
                Optional.empty(),
                PassJournal.NONE,
                (stage, done, total) -> progress.report(stage, 0, 1));
    return new Plan("", "", "", Map.of(), target, "", choice.blocks(), choice.compensation());
  }

  /** One half of a trial as part of the whole search. */
  private Progress part(Progress progress, int number, int from) {
    String trial = "Trial " + (number + 1) + " of " + search.trials() + ": ";
    return (stage, done, total) ->
        progress.report(
            trial + stage,
            (long) number * STEPS + from + (total > 0 ? STEPS / 2 * done / total : 0),
            (long) search.trials() * STEPS);
  }
}
