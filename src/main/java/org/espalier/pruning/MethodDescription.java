package org.espalier.pruning;

import java.util.List;

/**
 * What the program says about a method.
 *
 * @param name as in {@code --method name}
 * @param title for people
 * @param summary one paragraph
 * @param source paper or code it follows
 */
public record MethodDescription(
    String name,
    String title,
    String summary,
    String source,
    SliderAnswer sliderAnswer,
    boolean needsCalibration,
    List<MethodParameter> parameters) {
  public MethodDescription {
    parameters = List.copyOf(parameters);
  }
}
