package org.espalier.pruning;

import java.util.HashSet;
import java.util.Set;
import org.espalier.importance.Scorer;
import org.espalier.statistics.ActivationCollector;
import org.espalier.statistics.Collector;

/**
 * A method with its parameters set, as the parts it is made of.
 *
 * @param scorer from statistics to one score per unit
 * @param allocation from scores to how many units each sub-layer keeps
 * @param schedule whether blocks are measured on dense or on already pruned activations
 * @param compensate whether the mean output of removed units is added as a bias
 */
public record Recipe(
    Scorer scorer, AllocationRule allocation, Schedule schedule, boolean compensate) {

  /** Everything that must be measured: what the scorer reads and what the compensation needs. */
  public Set<Collector> collectors() {
    Set<Collector> collectors = new HashSet<>(scorer.collectors());
    if (compensate) {
      collectors.add(ActivationCollector.INSTANCE);
    }
    return collectors;
  }

  /** Whether it needs a calibration text. */
  public boolean readsActivations() {
    return collectors().stream().anyMatch(Collector::readsActivations);
  }

  /** On which activations a block is measured. */
  public enum Schedule {
    /** All blocks on the dense model. */
    DENSE,
    /** Each block on the outputs of the already pruned blocks before it. */
    SEQUENTIAL
  }
}
