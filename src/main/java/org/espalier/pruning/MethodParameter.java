package org.espalier.pruning;

import java.util.List;

/**
 * One parameter of a method, as data for command line and window.
 *
 * @param name as in {@code --param name=value}
 * @param description one sentence
 * @param defaultValue what the program starts with
 * @param choices allowed values; empty when any value of the kind is allowed
 */
public record MethodParameter(
    String name, String description, String defaultValue, List<String> choices) {
  public MethodParameter {
    choices = List.copyOf(choices);
  }
}
