package org.espalier.workbench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.task.EspalierException;

/** Comparisons that need nothing but a model. */
public enum ReadyComparison {
  /**
   * Whole blocks against narrower ones at equal parameters, as in Lele et al., Rethinking the Value
   * of Training-Free Structured Pruning of LLMs, TMLR 2025.
   */
  DEPTH_AGAINST_WIDTH(
      "depth-against-width",
      "Depth against width",
      "Whole blocks (depth) against narrower blocks (width) at equal parameters: every method"
          + " removes what ShortGPT reached, because whole blocks come in coarse steps.",
      List.of(0.1, 0.2)) {
    @Override
    List<ComparisonEntry> entries(double ratio, int first) {
      Target target = new Target(ratio, RatioDefinition.PRUNABLE);
      return List.of(
          ComparisonEntry.of("shortgpt", "shortgpt", target),
          ComparisonEntry.of("shortgpt, neighbours", "shortgpt", target)
              .with("order", "angular")
              .at(first),
          ComparisonEntry.of("flap", "flap", target).at(first),
          ComparisonEntry.of("flap, paper's form", "flap", target)
              .with("variant", "corrected")
              .at(first),
          ComparisonEntry.of("2ssp", "2ssp", target).at(first));
    }
  };

  private final String label;
  private final String title;
  private final String explanation;
  private final List<Double> ratios;

  ReadyComparison(String label, String title, String explanation, List<Double> ratios) {
    this.label = label;
    this.title = title;
    this.explanation = explanation;
    this.ratios = ratios;
  }

  /** As on the command line. */
  public String label() {
    return label;
  }

  public String title() {
    return title;
  }

  /** What is compared and how. */
  public String explanation() {
    return explanation;
  }

  /** Shares of the prunable parameters that are compared unless others are asked for. */
  public List<Double> ratios() {
    return ratios;
  }

  /**
   * The models at one ratio.
   *
   * @param first index of the first of them among all
   */
  abstract List<ComparisonEntry> entries(double ratio, int first);

  /** The models at several ratios. */
  public List<ComparisonEntry> entries(List<Double> shares) {
    List<ComparisonEntry> all = new ArrayList<>();
    for (double share : shares) {
      all.addAll(entries(share, all.size()));
    }
    return all;
  }

  /**
   * By its label.
   *
   * @throws EspalierException if there is none
   */
  public static ReadyComparison of(String label) {
    return Arrays.stream(values())
        .filter(ready -> ready.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new EspalierException(
                    "There is no comparison '"
                        + label
                        + "': choose one of "
                        + String.join(
                            ", ", Arrays.stream(values()).map(ReadyComparison::label).toList())
                        + "."));
  }
}
