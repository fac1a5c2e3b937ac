package org.espalier.recovery;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.espalier.task.EspalierException;
import org.espalier.transformer.WeightSlot;

/**
 * What can be set about a recovery, as data for command line and window. Standard values are those
 * that won back most of what pruning half of the sample model lost within minutes; larger models
 * want more steps at a lower rate.
 */
public enum RecoverySetting {
  RANK("rank", "16", "Rank r of the adapters", Kind.WHOLE, 1, 4096),
  ALPHA(
      "alpha", "32", "The adapters' product is scaled by alpha / rank", Kind.NUMBER, 0.01, 10_000),
  DROPOUT("dropout", "0.05", "Share of an adapter's inputs that is dropped", Kind.NUMBER, 0, 0.9),
  TARGETS(
      "targets",
      "q,k,v,o,gate,up,down",
      "Projections that get adapters, separated by commas",
      Kind.PROJECTIONS,
      0,
      0),
  RATE("learning-rate", "0.002", "Highest learning rate", Kind.NUMBER, 1e-8, 1),
  WARM_UP("warm-up", "10", "Steps until the highest rate is reached", Kind.WHOLE, 0, 1_000_000),
  DECAY("decay", "linear", "How the rate falls after that", Kind.DECAY, 0, 0),
  WEIGHT_DECAY("weight-decay", "0", "Decoupled decay of the adapters", Kind.NUMBER, 0, 1),
  BATCH("batch", "8", "Examples of one step", Kind.WHOLE, 1, 4096),
  CUTOFF("cutoff", "256", "Tokens of one example at most", Kind.WHOLE, 2, 1_000_000),
  STEPS("steps", "120", "Steps at most", Kind.WHOLE, 1, 10_000_000),
  MINUTES(
      "minutes",
      "0",
      "Stop after so many minutes of training; 0 for no limit",
      Kind.NUMBER,
      0,
      1_000_000),
  VALIDATION(
      "validation", "32", "Examples held out from the end of the data", Kind.WHOLE, 1, 1_000_000),
  EVALUATE_EVERY(
      "evaluate-every",
      "40",
      "Steps between two looks at the held-out examples",
      Kind.WHOLE,
      1,
      10_000_000),
  PATIENCE(
      "patience",
      "0",
      "Stop after so many looks without a better one; 0 for never",
      Kind.WHOLE,
      0,
      1_000_000),
  SAVE_EVERY(
      "save-every",
      "50",
      "Steps between two checkpoints of the training",
      Kind.WHOLE,
      1,
      10_000_000),
  SEED(
      "seed",
      "0",
      "Of the adapters' start, the order of examples and dropout",
      Kind.WHOLE,
      0,
      1e15);

  private enum Kind {
    WHOLE,
    NUMBER,
    PROJECTIONS,
    DECAY
  }

  /** The projections that can be adapted, by their short names. */
  private static final List<WeightSlot> PROJECTIONS =
      List.of(
          WeightSlot.QUERY,
          WeightSlot.KEY,
          WeightSlot.VALUE,
          WeightSlot.OUTPUT,
          WeightSlot.GATE,
          WeightSlot.UP,
          WeightSlot.DOWN);

  private final String label;
  private final String standard;
  private final String description;
  private final Kind kind;
  private final double least;
  private final double most;

  RecoverySetting(
      String label, String standard, String description, Kind kind, double least, double most) {
    this.label = label;
    this.standard = standard;
    this.description = description;
    this.kind = kind;
    this.least = least;
    this.most = most;
  }

  /** As on the command line, without dashes. */
  public String label() {
    return label;
  }

  /** The value without a wish. */
  public String standard() {
    return standard;
  }

  /** Half a sentence. */
  public String description() {
    return description;
  }

  /** What is allowed, in words. */
  public String range() {
    return switch (kind) {
      case WHOLE -> "a whole number from " + plain(least) + " to " + plain(most);
      case NUMBER -> "a number from " + plain(least) + " to " + plain(most);
      case PROJECTIONS ->
          "some of "
              + PROJECTIONS.stream()
                  .map(RecoverySetting::shortName)
                  .collect(Collectors.joining(","));
      case DECAY -> "linear or cosine";
    };
  }

  /**
   * @throws EspalierException naming the setting, its range and the value
   */
  double number(String value) {
    try {
      double number = Double.parseDouble(value.strip());
      boolean whole = kind != Kind.WHOLE || number == Math.rint(number);
      if (whole && number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, together with numbers out of range.
    }
    throw refused(value);
  }

  /**
   * @throws EspalierException naming the setting, its range and the value
   */
  List<WeightSlot> projections(String value) {
    List<String> wanted = Arrays.stream(value.split(",")).map(String::strip).toList();
    List<WeightSlot> found =
        PROJECTIONS.stream().filter(slot -> wanted.contains(shortName(slot))).toList();
    if (found.isEmpty() || found.size() != wanted.stream().distinct().count()) {
      throw refused(value);
    }
    return found;
  }

  /**
   * @throws EspalierException naming the setting, its range and the value
   */
  LearningRate.Decay decay(String value) {
    for (LearningRate.Decay decay : LearningRate.Decay.values()) {
      if (decay.name().toLowerCase(Locale.ROOT).equals(value.strip())) {
        return decay;
      }
    }
    throw refused(value);
  }

  private EspalierException refused(String value) {
    return new EspalierException(
        "The recovery setting " + label + " must be " + range() + ", not '" + value + "'.");
  }

  /** q, k, v and o for attention, whole words for the feed-forward sub-layer. */
  private static String shortName(WeightSlot slot) {
    return switch (slot) {
      case QUERY -> "q";
      case KEY -> "k";
      case VALUE -> "v";
      case OUTPUT -> "o";
      default -> slot.name().toLowerCase(Locale.ROOT);
    };
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
