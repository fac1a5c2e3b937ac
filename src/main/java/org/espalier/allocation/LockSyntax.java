package org.espalier.allocation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * How locks are written on the command line.
 *
 * <ul>
 *   <li>{@code 3} keeps block 3 whole
 *   <li>{@code 5:attention=0.25} removes a quarter of the head groups of block 5
 *   <li>{@code 5:feedForward=0.5} removes half of its channels
 * </ul>
 *
 * <p>Blocks have the numbers that they had in the original checkpoint. A ratio R, 0 &le; R &lt; 1,
 * removes floor(R &times; units + 1e-9) units.
 */
public final class LockSyntax {
  private static final Pattern LOCK =
      Pattern.compile("\\s*(\\d{1,9})\\s*(?::\\s*(\\w+)\\s*=\\s*(\\S+))?\\s*");
  private static final Pattern RATIO = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  private static final String FORMS =
      "write B to keep block B whole, B:attention=R or B:feedForward=R with 0 <= R < 1 to fix the"
          + " ratio of a sub-layer";

  private LockSyntax() {}

  /**
   * Reads locks as they stand on the command line.
   *
   * @param texts one lock each
   * @throws LockSyntaxException naming the text that is wrong
   */
  public static Locks parse(List<String> texts, PrunableModel model) {
    Map<SubLayer, Double> ratios = new HashMap<>();
    Map<SubLayer, String> sources = new HashMap<>();
    for (String text : texts) {
      Matcher matcher = LOCK.matcher(text);
      if (!matcher.matches()) {
        throw new LockSyntaxException(
            "The lock \"" + text + "\" is not understood: " + FORMS + ".");
      }
      int number = Integer.parseInt(matcher.group(1));
      int block = model.blockNumbered(number).orElse(-1);
      if (block < 0) {
        throw new LockSyntaxException(
            "The lock \""
                + text
                + "\" names block "
                + number
                + ", but the model has blocks "
                + model.numbersInWords()
                + ".");
      }
      if (matcher.group(2) == null) {
        put(ratios, sources, model, SubLayer.attention(block), 0, text);
        put(ratios, sources, model, SubLayer.feedForward(block), 0, text);
      } else {
        SubLayer subLayer = new SubLayer(block, kind(matcher.group(2), text));
        put(ratios, sources, model, subLayer, ratio(matcher.group(3), text), text);
      }
    }
    Map<SubLayer, Hold> holds = new HashMap<>();
    ratios.forEach(
        (subLayer, ratio) -> {
          int units = model.units(subLayer);
          int removed = (int) Math.floor(ratio * units + 1e-9);
          if (ratio > 0 && units == 0) {
            throw new LockSyntaxException(
                "The lock \""
                    + sources.get(subLayer)
                    + "\" is not possible: "
                    + model.label(subLayer)
                    + " has no units left to remove.");
          }
          holds.put(subLayer, Hold.locked(units - removed));
        });
    return new Locks(holds);
  }

  private static SubLayerKind kind(String name, String text) {
    return switch (name) {
      case "attention" -> SubLayerKind.ATTENTION;
      case "feedForward" -> SubLayerKind.FEED_FORWARD;
      default ->
          throw new LockSyntaxException(
              "The lock \""
                  + text
                  + "\" names the sub-layer \""
                  + name
                  + "\"; a block has attention and feedForward.");
    };
  }

  private static double ratio(String number, String text) {
    if (!RATIO.matcher(number).matches()) {
      throw new LockSyntaxException(
          "The lock \"" + text + "\" has no number after the equals sign: " + FORMS + ".");
    }
    double ratio = Double.parseDouble(number);
    if (ratio >= 1) {
      throw new LockSyntaxException(
          "The lock \""
              + text
              + "\" asks for a ratio of "
              + number
              + "; a locked ratio is at least 0 and less than 1.");
    }
    return ratio;
  }

  private static void put(
      Map<SubLayer, Double> ratios,
      Map<SubLayer, String> sources,
      PrunableModel model,
      SubLayer subLayer,
      double ratio,
      String text) {
    Double before = ratios.putIfAbsent(subLayer, ratio);
    if (before != null && before != ratio) {
      throw new LockSyntaxException(
          "The locks \""
              + sources.get(subLayer)
              + "\" and \""
              + text
              + "\" contradict each other on "
              + model.label(subLayer)
              + "; keep one of them.");
    }
    sources.putIfAbsent(subLayer, text);
  }
}
