package org.espalier.workspace;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a run came from another one by training.
 *
 * @param runId the pruned run that was trained
 * @param runName its name at that time
 * @param text name of the file that was learned from
 * @param settings of the training, by name
 * @param looks at held-out examples, oldest first; the weights are those of the best one
 * @param ending why the training ended, in words
 */
public record RecoveredFrom(
    String runId,
    String runName,
    String text,
    Map<String, String> settings,
    List<Look> looks,
    String ending) {
  /**
   * A look at the held-out examples.
   *
   * @param step steps done
   * @param loss mean of the steps since the look before, nats per token; 0 before the first step
   * @param perplexity on the held-out examples
   * @param seconds of training so far
   */
  public record Look(int step, double loss, double perplexity, double seconds) {}

  public RecoveredFrom {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    looks = List.copyOf(looks);
  }

  /** The look whose weights the run has. */
  public Look best() {
    return looks.stream().min(Comparator.comparingDouble(Look::perplexity)).orElseThrow();
  }
}
