package org.espalier.pruning;

import java.util.List;

/**
 * What the program says about a method.
 *
 * @param name as in {@code --method name}
 * @param title for people
 * @param summary one paragraph
 * @param source paper or code it follows
 * @param sliderAnswer with the default parameters
 * @param drawsUnits whether chance decides which units go, so that one seed says little
 */
public record MethodDescription(
    String name,
    String title,
    String summary,
    String source,
    SliderAnswer sliderAnswer,
    boolean needsCalibration,
    boolean drawsUnits,
    List<MethodParameter> parameters) {
  public MethodDescription {
    parameters = List.copyOf(parameters);
  }

  /** A method that does not leave its units to chance. */
  public MethodDescription(
      String name,
      String title,
      String summary,
      String source,
      SliderAnswer sliderAnswer,
      boolean needsCalibration,
      List<MethodParameter> parameters) {
    this(name, title, summary, source, sliderAnswer, needsCalibration, false, parameters);
  }

  /** The same with other parameters, where moving the target slider shows something else. */
  public MethodDescription answering(SliderAnswer answer) {
    return new MethodDescription(
        name, title, summary, source, answer, needsCalibration, drawsUnits, parameters);
  }

  /** Whether there is a parameter of that name. */
  public boolean hasParameter(String parameter) {
    return parameters.stream().anyMatch(known -> known.name().equals(parameter));
  }
}
