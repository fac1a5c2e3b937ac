package org.espalier.pruning;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.task.EspalierException;

/** A method's parameters, defaults filled in and names and choices checked. */
public final class ParameterValues {
  private final String method;
  private final Map<String, String> values;

  private ParameterValues(String method, Map<String, String> values) {
    this.method = method;
    this.values = values;
  }

  /**
   * Checks values and fills in defaults.
   *
   * @param given values that differ from the defaults
   * @throws EspalierException if a name is unknown or a value is not among its choices
   */
  public static ParameterValues of(MethodDescription method, Map<String, String> given) {
    Map<String, String> values = new LinkedHashMap<>();
    for (MethodParameter parameter : method.parameters()) {
      values.put(parameter.name(), parameter.defaultValue());
    }
    given.forEach(
        (name, value) -> {
          MethodParameter parameter =
              method.parameters().stream()
                  .filter(candidate -> candidate.name().equals(name))
                  .findFirst()
                  .orElseThrow(() -> unknown(method, name));
          if (!parameter.choices().isEmpty() && !parameter.choices().contains(value)) {
            throw new EspalierException(
                "Parameter %s of method %s cannot be '%s': choose one of %s."
                    .formatted(name, method.name(), value, String.join(", ", parameter.choices())));
          }
          values.put(name, value);
        });
    return new ParameterValues(method.name(), values);
  }

  private static EspalierException unknown(MethodDescription method, String name) {
    return new EspalierException(
        method.parameters().isEmpty()
            ? "Method %s has no parameters, so '%s' cannot be set.".formatted(method.name(), name)
            : "Method %s has no parameter '%s': it has %s."
                .formatted(
                    method.name(),
                    name,
                    String.join(
                        ", ", method.parameters().stream().map(MethodParameter::name).toList())));
  }

  public Map<String, String> asMap() {
    return Map.copyOf(values);
  }

  public String text(String name) {
    return values.get(name);
  }

  public boolean flag(String name) {
    return Boolean.parseBoolean(values.get(name));
  }

  /**
   * A parameter as a whole number.
   *
   * @throws EspalierException if the value is not a whole number of at least {@code minimum}
   */
  public long whole(String name, long minimum) {
    String value = values.get(name);
    try {
      long number = Long.parseLong(value.trim());
      if (number >= minimum) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, together with numbers that are too small
    }
    throw new EspalierException(
        "Parameter %s of method %s must be a whole number of at least %d, not '%s'."
            .formatted(name, method, minimum, value));
  }

  /**
   * A number within bounds.
   *
   * @throws EspalierException if the value is not a number from {@code lowest} to {@code highest}
   */
  public double number(String name, double lowest, double highest) {
    String value = values.get(name);
    try {
      double number = Double.parseDouble(value.trim());
      if (number >= lowest && number <= highest) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, together with numbers out of range
    }
    throw new EspalierException(
        "Parameter %s of method %s must be a number from %s to %s, not '%s'."
            .formatted(name, method, plain(lowest), plain(highest), value));
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
