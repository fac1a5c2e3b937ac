package org.espalier.workspace;

import java.util.List;
import org.espalier.search.SearchSpace;
import org.espalier.search.Trial;

/**
 * The search that a run came out of.
 *
 * @param space what was varied
 * @param densePerplexity of the dense model on the text that judged the trials
 * @param judgedOn that text in words
 * @param trials in their order; their values are perplexities
 */
public record KeptSearch(
    SearchSpace space, double densePerplexity, String judgedOn, List<Trial> trials) {
  public KeptSearch {
    trials = List.copyOf(trials);
  }
}
