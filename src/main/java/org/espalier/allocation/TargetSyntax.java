package org.espalier.allocation;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayerKind;

/**
 * Targets as people write them: a share to remove ("30 %"), or what shall be left as parameters
 * ("6.0 B") or bytes of weights ("12 GiB").
 */
public final class TargetSyntax {
  private static final Pattern AMOUNT =
      Pattern.compile("\\s*(\\d{1,15}(?:[.,]\\d{1,15})?)\\s*(%|[A-Za-z]{0,3})\\s*");

  private static final Map<String, Double> PARAMETERS =
      Map.of("k", 1e3, "m", 1e6, "b", 1e9, "t", 1e12);

  private static final Map<String, Double> BYTES =
      Map.of(
          "kib", 0x1p10,
          "mib", 0x1p20,
          "gib", 0x1p30,
          "tib", 0x1p40,
          "kb", 1e3,
          "mb", 1e6,
          "gb", 1e9,
          "tb", 1e12);

  private TargetSyntax() {}

  /**
   * Reads a target.
   *
   * @param of what a bare number or a percentage is a share of
   * @param repaired whether every pruned sub-layer gets an output bias; what is left counts them
   * @return empty if the text is no target
   * @throws EspalierException if more shall be left than the model has
   */
  public static Optional<Target> parse(
      String text, RatioDefinition of, ModelCosts costs, boolean repaired) {
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      return Optional.empty();
    }
    double number = Double.parseDouble(amount.group(1).replace(',', '.'));
    String unit = amount.group(2).toLowerCase(Locale.ROOT);
    if (unit.isEmpty() || unit.equals("%")) {
      return number <= 100 ? Optional.of(new Target(number / 100, of)) : Optional.empty();
    }
    if (PARAMETERS.containsKey(unit)) {
      return Optional.of(left(text, number * PARAMETERS.get(unit), costs, repaired));
    }
    return Optional.ofNullable(BYTES.get(unit))
        .map(factor -> left(text, number * factor / costs.bytesPerElement(), costs, repaired));
  }

  /** As {@link #parse}, for what shall be left only, not for shares. */
  public static Optional<Target> parseSize(String text, ModelCosts costs, boolean repaired) {
    return isSize(text) ? parse(text, RatioDefinition.TOTAL, costs, repaired) : Optional.empty();
  }

  /** Whether the text says how much shall be left: a number of parameters or bytes. */
  public static boolean isSize(String text) {
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      return false;
    }
    String unit = amount.group(2).toLowerCase(Locale.ROOT);
    return PARAMETERS.containsKey(unit) || BYTES.containsKey(unit);
  }

  /** The share of all parameters to remove, so that no more are left, biases included. */
  private static Target left(String text, double parameters, ModelCosts costs, boolean repaired) {
    long total = costs.model().totalParameters();
    if (parameters > total) {
      throw new EspalierException(
          "A target of "
              + text.strip()
              + " is more than the model has ("
              + total
              + " parameters of "
              + costs.bytesPerElement()
              + " bytes); give less.");
    }
    long biases = 0;
    if (repaired && parameters < total) {
      for (ModelCosts.Block block : costs.blocks()) {
        for (SubLayerKind kind : SubLayerKind.values()) {
          biases += block.hasBias(kind) ? 0 : costs.hiddenSize();
        }
      }
    }
    return new Target(Math.min(1, (total + biases - parameters) / total), RatioDefinition.TOTAL);
  }
}
