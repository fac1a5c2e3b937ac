package org.espalier.pruning;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.importance.HiddenScorer;
import org.espalier.importance.HiddenScores;
import org.espalier.importance.Scorer;
import org.espalier.importance.SubLayerScorer;
import org.espalier.importance.SubLayerScores;
import org.espalier.statistics.Collector;
import org.espalier.statistics.Measurement;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayerKind;

/**
 * A method with its parameters set, as the parts it is made of. {@link #of} gives the plainest
 * recipe; the other methods exchange one part each.
 *
 * @param scorer from statistics to one score per unit
 * @param subLayerScorer from statistics to one score per sub-layer, for rules that read them
 * @param allocation from scores to how many units each sub-layer keeps
 * @param search settles the allocation on the pruned model, where scores only preview it
 * @param schedule on which activations the selector's and the compensator's statistics, and the
 *     scores that decide, are measured
 * @param selector from scores and statistics to the units that stay
 * @param compensator repairs what the chosen units leave
 * @param scorerSearch finds the scorer by trying when a model is pruned; until then the scorer
 *     above shows a first guess
 * @param hiddenScorer judges channels of the residual stream, for recipes that remove those instead
 *     of units; the scorer above then only shows what units count for
 */
public record Recipe(
    Scorer scorer,
    Optional<SubLayerScorer> subLayerScorer,
    AllocationRule allocation,
    Optional<AllocationSearch> search,
    Schedule schedule,
    Selector selector,
    Compensator compensator,
    Optional<ScorerSearch> scorerSearch,
    Optional<HiddenScorer> hiddenScorer) {
  /** Measured on the dense model, the lowest scores go, nothing is repaired. */
  public static Recipe of(Scorer scorer, AllocationRule allocation) {
    return new Recipe(
        scorer,
        Optional.empty(),
        allocation,
        Optional.empty(),
        Schedule.DENSE,
        LowestScoreSelector.INSTANCE,
        Compensator.NONE,
        Optional.empty(),
        Optional.empty());
  }

  public Recipe judgingSubLayers(SubLayerScorer judge) {
    return new Recipe(
        scorer,
        Optional.of(judge),
        allocation,
        search,
        schedule,
        selector,
        compensator,
        scorerSearch,
        hiddenScorer);
  }

  public Recipe searching(AllocationSearch other) {
    return new Recipe(
        scorer,
        subLayerScorer,
        allocation,
        Optional.of(other),
        schedule,
        selector,
        compensator,
        scorerSearch,
        hiddenScorer);
  }

  public Recipe searchingScorer(ScorerSearch other) {
    return new Recipe(
        scorer,
        subLayerScorer,
        allocation,
        search,
        schedule,
        selector,
        compensator,
        Optional.of(other),
        hiddenScorer);
  }

  public Recipe judgingHiddenChannels(HiddenScorer judge) {
    return new Recipe(
        scorer,
        subLayerScorer,
        allocation,
        search,
        schedule,
        selector,
        compensator,
        scorerSearch,
        Optional.of(judge));
  }

  public Recipe scheduled(Schedule other) {
    return new Recipe(
        scorer,
        subLayerScorer,
        allocation,
        search,
        other,
        selector,
        compensator,
        scorerSearch,
        hiddenScorer);
  }

  public Recipe selecting(Selector other) {
    return new Recipe(
        scorer,
        subLayerScorer,
        allocation,
        search,
        schedule,
        other,
        compensator,
        scorerSearch,
        hiddenScorer);
  }

  public Recipe compensating(Compensator other) {
    return new Recipe(
        scorer,
        subLayerScorer,
        allocation,
        search,
        schedule,
        selector,
        other,
        scorerSearch,
        hiddenScorer);
  }

  /** All that is measured while blocks pass on the way to a plan. */
  public Set<Collector> collectors() {
    Set<Collector> collectors = new HashSet<>(scorer.collectors());
    collectors.addAll(selector.collectors());
    collectors.addAll(compensator.collectors());
    return collectors;
  }

  /**
   * What is measured on the dense model before an allocation is shown. Under a sequential schedule
   * that is the scores alone: the rest is measured block by block later and not kept.
   */
  public Set<Collector> denseCollectors() {
    return schedule == Schedule.DENSE ? collectors() : scorer.collectors();
  }

  /** What is measured on the dense model in passes of its own. */
  public Set<SubLayerMeasurement> measurements() {
    Set<SubLayerMeasurement> measurements = new HashSet<>(scorer.measurements());
    subLayerScorer.ifPresent(judge -> measurements.addAll(judge.measurements()));
    hiddenScorer.ifPresent(judge -> measurements.addAll(judge.measurements()));
    return measurements;
  }

  /** What moving the target slider can show, as these parts have it. */
  public SliderAnswer sliderAnswer() {
    if (scorerSearch.isPresent()) {
      return SliderAnswer.AFTER_RUN;
    }
    return search.isPresent() || schedule != Schedule.DENSE
        ? SliderAnswer.PREVIEW
        : SliderAnswer.INSTANT;
  }

  /** Whether it needs a calibration text. */
  public boolean readsActivations() {
    return schedule != Schedule.DENSE
        || search.isPresent()
        || Stream.concat(collectors().stream(), measurements().stream())
            .anyMatch(Measurement::readsActivations);
  }

  /**
   * Scores of the sub-layers; none if the method judges units only.
   *
   * @param statistics that hold what {@link #measurements} measure
   */
  public SubLayerScores subLayerScores(DecoderConfig config, Statistics statistics) {
    return subLayerScorer.map(judge -> judge.score(config, statistics)).orElse(SubLayerScores.NONE);
  }

  /**
   * Scores of the channels of the residual stream, where those go instead of units.
   *
   * @param statistics that hold what {@link #measurements} measure
   */
  public Optional<HiddenScores> hiddenScores(DecoderConfig config, Statistics statistics) {
    return hiddenScorer.map(
        judge -> new HiddenScores(judge.statistic(), judge.score(config, statistics)));
  }

  /** On which activations a sub-layer is measured. */
  public enum Schedule {
    /** All on the dense model. */
    DENSE(List.of()),
    /** Both sub-layers of a block on the outputs of the already pruned blocks before it. */
    SEQUENTIAL(List.of(List.of(SubLayerKind.ATTENTION, SubLayerKind.FEED_FORWARD))),
    /** Each sub-layer on the outputs of the already pruned sub-layers before it. */
    SEQUENTIAL_SUB_LAYERS(
        List.of(List.of(SubLayerKind.ATTENTION), List.of(SubLayerKind.FEED_FORWARD)));

    private final List<List<SubLayerKind>> stages;

    Schedule(List<List<SubLayerKind>> stages) {
      this.stages = stages;
    }

    /** Which sub-layers of a block are measured together, in order; none for the dense model. */
    List<List<SubLayerKind>> stages() {
      return stages;
    }
  }
}
