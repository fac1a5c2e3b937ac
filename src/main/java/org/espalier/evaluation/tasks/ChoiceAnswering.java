package org.espalier.evaluation.tasks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.corpus.Hashes;
import org.espalier.corpus.Tokenizer;
import org.espalier.evaluation.tasks.ContinuationScorer.Request;
import org.espalier.task.Progress;

/** Picks the likeliest of given answers. */
final class ChoiceAnswering implements Answering {
  private static final int PORTION = 32;

  private final List<ChoiceItem> items;
  private final Tokenizer tokenizer;
  private final TokenisationProfile profile;
  private final int emptyContext;
  private final ContinuationScorer scorer;

  /**
   * @param emptyContext id that stands for an empty question
   */
  ChoiceAnswering(
      List<ChoiceItem> items,
      Tokenizer tokenizer,
      TokenisationProfile profile,
      int emptyContext,
      ContinuationScorer scorer) {
    this.items = List.copyOf(items);
    this.tokenizer = tokenizer;
    this.profile = profile;
    this.emptyContext = emptyContext;
    this.scorer = scorer;
  }

  @Override
  public int items() {
    return items.size();
  }

  @Override
  public int portion() {
    return PORTION;
  }

  @Override
  public String dataHash() {
    return Hashes.sha256(items.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String text(int item) {
    ChoiceItem asked = items.get(item);
    return asked.contexts().get(asked.gold()) + asked.continuations().get(asked.gold());
  }

  @Override
  public List<ItemResult> answer(int from, int to, Progress progress) {
    List<Request> requests = new ArrayList<>();
    for (ChoiceItem item : items.subList(from, to)) {
      for (int choice = 0; choice < item.continuations().size(); choice++) {
        TokenisationProfile.Pair pair =
            profile.encode(
                tokenizer,
                item.contexts().get(choice),
                item.continuations().get(choice),
                emptyContext);
        requests.add(new Request(pair.context(), pair.continuation()));
      }
    }
    double[] scores = scorer.score(requests, progress);
    List<ItemResult> results = new ArrayList<>();
    int next = 0;
    for (ChoiceItem item : items.subList(from, to)) {
      List<Double> likelihoods = new ArrayList<>();
      for (int choice = 0; choice < item.continuations().size(); choice++) {
        likelihoods.add(scores[next++]);
      }
      results.add(result(item, likelihoods));
    }
    return results;
  }

  static ItemResult result(ChoiceItem item, List<Double> likelihoods) {
    List<Double> normalised = new ArrayList<>();
    for (int choice = 0; choice < likelihoods.size(); choice++) {
      normalised.add(likelihoods.get(choice) / item.lengths().get(choice));
    }
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put(TaskDefinition.ACCURACY, first(likelihoods) == item.gold() ? 1.0 : 0.0);
    scores.put(TaskDefinition.NORMALISED_ACCURACY, first(normalised) == item.gold() ? 1.0 : 0.0);
    return new ItemResult(item.index(), item.gold(), likelihoods, scores, "");
  }

  /** Index of the largest; of equal ones the first. */
  private static int first(List<Double> values) {
    int best = 0;
    for (int i = 1; i < values.size(); i++) {
      if (values.get(i) > values.get(best)) {
        best = i;
      }
    }
    return best;
  }
}
