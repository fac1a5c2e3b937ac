package org.espalier.pruning;

import java.util.List;

/**
 * One parameter of a method, as data for command line and window.
 *
 * @param name as in {@code --param name=value}
 * @param description one sentence
 * @param defaultValue what the program starts with
 * @param range which values it takes
 */
public record MethodParameter(
    String name, String description, String defaultValue, ParameterRange range) {
  /** Largest seed, the largest that common libraries take. */
  private static final long LARGEST_SEED = 4_294_967_295L;

  public MethodParameter {
    if (!range.contains(defaultValue)) {
      throw new IllegalArgumentException(
          name + " starts with '" + defaultValue + "' but must be " + range.words());
    }
  }

  /** One that takes one of some words. */
  public static MethodParameter choice(
      String name, String description, String defaultValue, List<String> choices) {
    return new MethodParameter(name, description, defaultValue, new ParameterRange.Choice(choices));
  }

  /** One that takes a whole number. */
  public static MethodParameter whole(
      String name, String description, String defaultValue, long least, long most) {
    return new MethodParameter(
        name, description, defaultValue, new ParameterRange.Whole(least, most));
  }

  /** One that takes a number. */
  public static MethodParameter real(
      String name, String description, String defaultValue, double lowest, double highest) {
    return new MethodParameter(
        name, description, defaultValue, new ParameterRange.Real(lowest, highest));
  }

  /** As {@link #whole}, left to the method to begin with. */
  public static MethodParameter wholeOrAuto(
      String name, String description, long least, long most) {
    return orAuto(name, description, new ParameterRange.Whole(least, most));
  }

  /** As {@link #real}, left to the method to begin with. */
  public static MethodParameter realOrAuto(
      String name, String description, double lowest, double highest) {
    return orAuto(name, description, new ParameterRange.Real(lowest, highest));
  }

  /** A seed of what the method draws. */
  public static MethodParameter seed(String name, String description) {
    return whole(name, description, "0", 0, LARGEST_SEED);
  }

  private static MethodParameter orAuto(String name, String description, ParameterRange range) {
    return new MethodParameter(
        name, description, ParameterRange.AUTO, new ParameterRange.OrAuto(range));
  }

  /** The words that it takes; empty where it takes numbers. */
  public List<String> choices() {
    return range instanceof ParameterRange.Choice choice ? choice.values() : List.of();
  }

  /** Whether it says yes or no. */
  public boolean isFlag() {
    return choices().size() == 2 && choices().containsAll(List.of("true", "false"));
  }
}
