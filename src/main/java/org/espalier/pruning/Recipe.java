package org.espalier.pruning;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.importance.Scorer;
import org.espalier.importance.SubLayerScorer;
import org.espalier.importance.SubLayerScores;
import org.espalier.statistics.ActivationCollector;
import org.espalier.statistics.Collector;
import org.espalier.statistics.Measurement;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;

/**
 * A method with its parameters set, as the parts it is made of.
 *
 * @param scorer from statistics to one score per unit
 * @param subLayerScorer from statistics to one score per sub-layer, for rules that read them
 * @param allocation from scores to how many units each sub-layer keeps
 * @param schedule whether blocks are measured on dense or on already pruned activations
 * @param compensate whether the mean output of removed units is added as a bias
 */
public record Recipe(
    Scorer scorer,
    Optional<SubLayerScorer> subLayerScorer,
    AllocationRule allocation,
    Schedule schedule,
    boolean compensate) {
  /** A method that judges units only. */
  public Recipe(Scorer scorer, AllocationRule allocation, Schedule schedule, boolean compensate) {
    this(scorer, Optional.empty(), allocation, schedule, compensate);
  }

  /** What is measured while blocks pass: for the scores of units and for the compensation. */
  public Set<Collector> collectors() {
    Set<Collector> collectors = new HashSet<>(scorer.collectors());
    if (compensate) {
      collectors.add(ActivationCollector.INSTANCE);
    }
    return collectors;
  }

  /** What is measured in passes of its own: for the scores of sub-layers. */
  public Set<SubLayerMeasurement> measurements() {
    return subLayerScorer.map(SubLayerScorer::measurements).orElse(Set.of());
  }

  /** Whether it needs a calibration text. */
  public boolean readsActivations() {
    return Stream.concat(collectors().stream(), measurements().stream())
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

  /** On which activations a block is measured. */
  public enum Schedule {
    /** All blocks on the dense model. */
    DENSE,
    /** Each block on the outputs of the already pruned blocks before it. */
    SEQUENTIAL
  }
}
