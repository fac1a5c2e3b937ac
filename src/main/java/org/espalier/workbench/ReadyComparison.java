package org.espalier.workbench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.pruning.MethodDescription;
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
      List.of(0.1, 0.2),
      Optional.empty(),
      Optional.of(SpeedRequest.DEFAULT)) {
    @Override
    List<ComparisonEntry> entries(List<MethodDescription> methods, double ratio, int first) {
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
  },

  /** Every method that the program offers, with its defaults, against chance. */
  ALL_METHODS(
      "all-methods",
      "All methods",
      "Every method with its default parameters on the same calibration and evaluation text."
          + " Methods that leave units to chance take part with 3 seeds, methods that search with"
          + " 20 trials and one seed.",
      List.of(0.2, 0.3, 0.4, 0.5),
      Optional.of("random"),
      Optional.empty()) {
    private static final int SEEDS = 3;
    private static final String TRIALS = "trials";
    private static final String FEW_TRIALS = "20";

    @Override
    List<ComparisonEntry> entries(List<MethodDescription> methods, double ratio, int first) {
      Target target = new Target(ratio, RatioDefinition.PRUNABLE);
      return methods.stream().flatMap(method -> entries(method, target)).toList();
    }

    private Stream<ComparisonEntry> entries(MethodDescription method, Target target) {
      ComparisonEntry entry = ComparisonEntry.of(method.name(), method.name(), target);
      if (method.drawsUnits()) {
        return LongStream.range(0, SEEDS).mapToObj(entry::seeded);
      }
      return Stream.of(method.hasParameter(TRIALS) ? entry.with(TRIALS, FEW_TRIALS) : entry);
    }
  };

  private final String label;
  private final String title;
  private final String explanation;
  private final List<Double> ratios;
  private final Optional<String> baseline;
  private final Optional<SpeedRequest> speed;

  ReadyComparison(
      String label,
      String title,
      String explanation,
      List<Double> ratios,
      Optional<String> baseline,
      Optional<SpeedRequest> speed) {
    this.label = label;
    this.title = title;
    this.explanation = explanation;
    this.ratios = ratios;
    this.baseline = baseline;
    this.speed = speed;
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

  /** The method that every other should beat, if one is among them. */
  public Optional<String> baseline() {
    return baseline;
  }

  /** What the window measures of every model's speed; few enough models where it does. */
  public Optional<SpeedRequest> speed() {
    return speed;
  }

  /**
   * The models at one ratio.
   *
   * @param methods all that the program offers
   * @param first index of the first of them among all
   */
  abstract List<ComparisonEntry> entries(List<MethodDescription> methods, double ratio, int first);

  /**
   * The models at several ratios.
   *
   * @param methods all that the program offers
   */
  public List<ComparisonEntry> entries(List<MethodDescription> methods, List<Double> shares) {
    List<ComparisonEntry> all = new ArrayList<>();
    for (double share : shares) {
      all.addAll(entries(methods, share, all.size()));
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
