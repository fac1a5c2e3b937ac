package org.espalier.pruning;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One parameter of a method, as data for command line and window.
 *
 * @param name as in {@code --param name=value}
 * @param description one sentence
 * @param defaultValue what the program starts with
 * @param choices allowed values; empty when any value of the default's kind is allowed
 */
public record MethodParameter(
    String name, String description, String defaultValue, List<String> choices) {
  public MethodParameter {
    choices = List.copyOf(choices);
  }

  /** What a whole number of at least 0 looks like; 18 digits always fit. */
  public static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,18}");

  /** Whether the value is a whole number of at least 0, as the default is. */
  public boolean isWholeNumber() {
    return choices.isEmpty() && WHOLE_NUMBER.matcher(defaultValue).matches();
  }
}
