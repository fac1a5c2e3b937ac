package org.espalier.workbench;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.espalier.search.SearchSpace;
import org.espalier.search.Trial;

/**
 * A search at one moment.
 *
 * @param title what is searched for
 * @param space what is varied
 * @param planned trials in all
 * @param densePerplexity of the dense model on the text that judges the trials
 * @param judgedOn that text in words
 * @param trials so far, in their order; their values are perplexities
 */
public record SearchSnapshot(
    String title,
    SearchSpace space,
    int planned,
    double densePerplexity,
    String judgedOn,
    List<Trial> trials) {
  public SearchSnapshot {
    trials = List.copyOf(trials);
  }

  /** The trial with the lowest perplexity, the first of equal ones. */
  public Optional<Trial> best() {
    return trials.stream()
        .filter(trial -> Double.isFinite(trial.value()))
        .min(Comparator.comparingDouble(Trial::value));
  }
}
